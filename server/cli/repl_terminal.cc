// The terminal of the REPL: the one file that knows libedit.
#include <editline/readline.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>

#include "server/cli/repl.h"

namespace osteon::server {
namespace {

constexpr int kMostLines = 1000;  // of history

// libedit calls back without an argument of ours.
const Repl* completing = nullptr;
std::vector<std::string> found;

char* NextCompletion(const char* prefix, int state) {
  static std::size_t next;
  if (state == 0) {
    found = completing->Completions(prefix);
    next = 0;
  }
  return next < found.size() ? ::strdup(found[next++].c_str()) : nullptr;
}

char** Complete(const char* prefix, int, int) {
  rl_attempted_completion_over = 1;  // no names of files
  return rl_completion_matches(prefix, NextCompletion);
}

void Print(const Repl::Reply& reply) {
  std::cerr << reply.report << std::flush;
  std::cout << reply.value << std::flush;
}

struct Freed {
  void operator()(char* line) const { std::free(line); }
};

}  // namespace

void RunTerminal(Repl& repl) {
  if (::isatty(STDIN_FILENO) == 0) {
    for (std::string line; std::getline(std::cin, line);) Print(repl.Answer(line));
    return;
  }
  // All that ends a name, but for the quotes that are part of one.
  rl_basic_word_break_characters = " \t\n()[]{}.,;:=<>~!+-*/|&'";
  completing = &repl;
  rl_attempted_completion_function = Complete;
  rl_completion_append_character = '\0';
  using_history();
  stifle_history(kMostLines);
  while (const std::unique_ptr<char, Freed> line{readline("osteon> ")}) {
    if (*line.get() != '\0') add_history(line.get());
    Print(repl.Answer(line.get()));
  }
  std::cout << std::endl;
  completing = nullptr;
}

}  // namespace osteon::server
