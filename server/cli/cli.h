// The command line: verbs and their options.
#pragma once

namespace osteon::server {

// What main returns: 0; 1 when the server could not start; 2 for a wrong command line, option or request.
int RunCommandLine(int argc, char** argv);

}  // namespace osteon::server
