// Runs a fuzz target once over every file named, or found in the folders named: no fuzzing, no clang needed.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::size_t Replay(const fs::path& path) {
  if (fs::is_directory(path)) {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(path)) files += Replay(entry.path());
    return files;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  // The last line before a crash names its input.
  std::fprintf(stderr, "%s\n", path.filename().c_str());
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) files += Replay(argv[i]);
  std::printf("%zu inputs replayed\n", files);
  return files == 0 ? 1 : 0;
}
