// What each verb does once the command line is read.
#pragma once

#include <string>

#include "server/config.h"

namespace osteon::server {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// Serves until SIGTERM or SIGINT, loads pack and overlay again at SIGHUP; prints the three addresses once it
// does.
int Serve(const ConfigInput& input);

// One CDS Hooks request from a file ("-": standard input); the answer on standard output.
//   service: id, or empty = the only service of the request's hook.
int Eval(const ConfigInput& input, const std::string& file, const std::string& service);

// The pages of the documentation, on standard output.
int PrintOptions();
int PrintParameters();

// "osteon: PLACE: TEXT" on standard error.
void PrintError(const base::Error& error);

}  // namespace osteon::server
