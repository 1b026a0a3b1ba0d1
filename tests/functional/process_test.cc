// The program itself: start, stop with requests in flight, few descriptors, its other verbs.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <vector>

#include "server/store/sqlite_store.h"
#include "tests/functional/client.h"
#include "tests/functional/grpc_client.h"
#include "tests/functional/running_app.h"
#include "tests/testing/evidence.h"

namespace osteon::functional {
namespace {

const std::string kProgram = std::string(OSTEON_BINARY_DIR) + "/osteon";

class Process {
 public:
  //   max_files: limit of open files, 0 = as here.
  explicit Process(std::vector<std::string> arguments, rlim_t max_files = 0) {
    int out[2];
    if (::pipe(out) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::close(out[0]);
      ::close(out[1]);
      if (max_files > 0) {
        const rlimit limit{max_files, max_files};
        ::setrlimit(RLIMIT_NOFILE, &limit);
      }
      std::vector<char*> argv{const_cast<char*>(kProgram.c_str())};
      for (auto& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      ::execv(kProgram.c_str(), argv.data());
      ::_exit(127);
    }
    ::close(out[1]);
    out_ = out[0];
  }
  ~Process() {
    if (pid_ > 0 && !waited_) {
      ::kill(pid_, SIGKILL);
      (void)Wait();
    }
    ::close(out_);
  }

  // The next line of standard output, without its end.
  std::string Line() {
    std::string line;
    for (char c = 0; ::read(out_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  std::string Rest() {
    std::string text;
    char chunk[4096];
    for (ssize_t count = 0; (count = ::read(out_, chunk, sizeof chunk)) > 0;) {
      text.append(chunk, static_cast<std::size_t>(count));
    }
    return text;
  }
  void Signal(int signal) const { ::kill(pid_, signal); }
  int Wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    waited_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  bool waited_ = false;
};

std::string AfterWord(const std::string& line, const std::string& word) {
  EXPECT_TRUE(line.starts_with(word + " ")) << line;
  return line.substr(std::min(line.size(), word.size() + 1));
}

struct Server {
  explicit Server(const std::filesystem::path& data, rlim_t max_files = 0)
      : process({"serve", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                 "--data", data.string(), "--log-level", "off"},
                max_files) {
    http = AfterWord(process.Line(), "http");
    grpc = AfterWord(process.Line(), "grpc");
    admin = AfterWord(process.Line(), "admin");
  }
  Process process;
  std::string http, grpc, admin;
};

TEST(ServeProcess, RequestsInFlightAtSigtermAreAnsweredAndDurable) {
  constexpr int kClients = 32;
  const auto data = FreshFolder();
  {
    Server server(data);
    std::vector<std::unique_ptr<Connection>> clients;
    std::vector<std::string> bodies;
    for (int i = 0; i < kClients; ++i) {
      bodies.push_back(OrderSign(i));
      clients.push_back(std::make_unique<Connection>(server.http));
      const std::string request = PostRequest(kCallPath, bodies.back(), "Expect: 100-continue\r\n");
      clients.back()->Send(request.substr(0, request.size() - bodies.back().size()));
      // The invitation proves that the request is in flight.
      const auto invited = clients.back()->Read();
      ASSERT_TRUE(invited);
      ASSERT_EQ(invited->status, 100);
    }
    server.process.Signal(SIGTERM);
    while (Connection(server.http).connected()) {
    }
    for (int i = 0; i < kClients; ++i) clients[i]->Send(bodies[i]);
    for (auto& client : clients) {
      const auto answer = client->Read();
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status, 200);
      EXPECT_EQ(answer->Header("connection"), "close");
    }
    EXPECT_EQ(server.process.Wait(), 0);
  }
  server::SqliteStore::Options options;
  options.dir = data.string();
  auto store = server::SqliteStore::Open(options);
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(store.value()->CountDecisions().value(), kClients);
  store.value().reset();
  std::filesystem::remove_all(data);
}

TEST(ServeProcess, AClientThatNeverFinishesDoesNotHoldUpTheStop) {
  const auto data = FreshFolder();
  Process process({"serve", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                   "--data", data.string(), "--log-level", "off", "--limits-stop-timeout-ms", "50"});
  const std::string http = AfterWord(process.Line(), "http");
  process.Line();
  process.Line();
  Connection connection(http);
  const std::string body = OrderSign(1);
  const std::string request = PostRequest(kCallPath, body, "Expect: 100-continue\r\n");
  connection.Send(request.substr(0, request.size() - body.size()));
  ASSERT_EQ(connection.Read()->status, 100);
  process.Signal(SIGINT);
  EXPECT_EQ(process.Wait(), 0);
  std::filesystem::remove_all(data);
}

TEST(ServeProcess, IdleConnectionsThatUseUpTheDescriptorsDoNotDeafenGrpcOrHttp) {
  const auto data = FreshFolder();
  Server server(data, 128);
  GrpcClient before(server.grpc);
  ASSERT_TRUE(before.Discover().status.ok());
  for (int round = 0; round < 2; ++round) {
    std::vector<std::unique_ptr<Connection>> idle;
    for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Connection>(server.grpc));
    // While they sit there, HTTP is served from the reserve.
    const auto answer = Get(server.http, "/health/ready");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
  }
  GrpcClient after(server.grpc);
  const auto answer = after.Call(kService, OrderSign(1));
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  {
    std::vector<std::unique_ptr<Connection>> idle;
    for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Connection>(server.http));
  }
  int status = 0;
  for (int i = 0; i < 10'000 && status != 200; ++i) {
    const auto health = Get(server.http, "/health/ready");
    status = health ? health->status : 0;
  }
  EXPECT_EQ(status, 200);
  EXPECT_TRUE(GrpcClient(server.grpc).Discover().status.ok());
  server.process.Signal(SIGTERM);
  EXPECT_EQ(server.process.Wait(), 0);
  std::filesystem::remove_all(data);
}

TEST(ServeProcess, SighupLoadsThePackAgainAndDoesNotEndIt) {
  const auto data = FreshFolder();
  const auto pack = data / "pack";
  std::filesystem::copy(std::filesystem::path(OSTEON_SOURCE_DIR) / "tests/cards/small_pack", pack,
                        std::filesystem::copy_options::recursive);
  Process process({"serve", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                   "--data", data.string(), "--log-level", "off", "--pack", pack.string()});
  process.Line();
  process.Line();
  const std::string admin = AfterWord(process.Line(), "admin");
  std::ofstream(pack / "rules/w.yaml", std::ios::app) << "# another version\n";
  process.Signal(SIGHUP);
  const std::string wanted = "osteon_pack_activations_total{result=\"activated\",trigger=\"signal\"} 1";
  std::string metrics;
  for (int i = 0; i < 10'000 && metrics.find(wanted) == std::string::npos; ++i) {
    const auto answer = Get(admin, "/metrics");
    metrics = answer ? answer->body : "";
  }
  EXPECT_NE(metrics.find(wanted), std::string::npos);
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(), 0);
  std::filesystem::remove_all(data);
}

TEST(ServeProcess, ASecondOneOnTheSameFolderIsRefused) {
  const auto data = FreshFolder();
  Server server(data);
  Process second({"serve", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                  "--data", data.string(), "--log-level", "off"});
  EXPECT_EQ(second.Wait(), 1);
  server.process.Signal(SIGTERM);
  EXPECT_EQ(server.process.Wait(), 0);
  std::filesystem::remove_all(data);
}

int ExitOf(std::vector<std::string> arguments) {
  return Process(std::move(arguments)).Wait();
}

TEST(CommandLine, WrongOptionsStopTheStart) {
  EXPECT_EQ(ExitOf({"serve", "--nonsense"}), 2);
  EXPECT_EQ(ExitOf({"serve", "--pack", "no-such-folder", "--http", "127.0.0.1:0"}), 1);
  EXPECT_EQ(ExitOf({"serve", "--http", "0.0.0.0:0"}), 2);
  EXPECT_EQ(ExitOf({"serve", "--insecure-bind", "0.0.0.0", "--clock", "2026-06-15T10:00:00Z"}), 2);
  EXPECT_EQ(ExitOf({"serve", "--site-timezone", "Nowhere", "--http", "127.0.0.1:0"}), 1);
  EXPECT_EQ(ExitOf({"serve", "--parameter", "no.such=1", "--http", "127.0.0.1:0"}), 1);
  EXPECT_EQ(ExitOf({"nonsense"}), 2);
  EXPECT_EQ(ExitOf({}), 2);
}

TEST(CommandLine, HelpVersionAndConfigArePrinted) {
  Process version({"--version"});
  EXPECT_TRUE(version.Rest().starts_with("osteon 0."));
  EXPECT_EQ(version.Wait(), 0);
  Process help({"serve", "--help"});
  const std::string text = help.Rest();
  Process markdown({"config", "--markdown"});
  const std::string page = markdown.Rest();
  for (const auto& row : server::OptionTable()) {
    EXPECT_NE(text.find(std::string(row.flag)), std::string::npos) << row.flag;
    EXPECT_NE(page.find(std::string(row.flag)), std::string::npos) << row.flag;
  }
}

TEST(CommandLine, EvalAnswersLikeTheServer) {
  RunningApp app;
  const auto folder = FreshFolder();
  const auto file = folder / "request.json";
  std::ofstream(file) << OrderSign(1);
  Process eval({"eval", file.string(), "--clock", "2026-06-15T10:00:00Z", "--ids", "test", "--external-url",
                "http://" + app.http()});
  EXPECT_EQ(eval.Line(), Post(app.http(), kCallPath, OrderSign(1))->body);
  EXPECT_EQ(eval.Wait(), 0);
  std::ofstream(file) << "{\"hook\":\"order-sign\"}";
  EXPECT_EQ(ExitOf({"eval", file.string()}), 2);
  EXPECT_EQ(ExitOf({"eval", (folder / "absent.json").string()}), 2);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace osteon::functional
