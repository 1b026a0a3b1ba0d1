#include "server/cli/cli.h"

int main(int argc, char** argv) {
  return osteon::server::RunCommandLine(argc, argv);
}
