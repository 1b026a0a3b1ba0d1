#include "server/pack_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace osteon::testing {
namespace {

namespace fs = std::filesystem;

class PackFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "osteon_pack_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    base_ = name;
    fs::create_directories(base_ / "pack" / "rules");
    fs::create_directories(base_ / "pack" / "logic");
    Write("pack/pack.yaml", "id: x\n");
    Write("pack/rules/b.yaml", "id: B\n");
    Write("pack/rules/a.yaml", "id: A\n");
    Write("pack/logic/L.cql", "library L\n");
  }
  void TearDown() override { fs::remove_all(base_); }

  void Write(const std::string& path, const std::string& bytes) {
    std::ofstream(base_ / path, std::ios::binary) << bytes;
  }
  server::PackFolder Read(const server::PackFileLimits& limits = {}) {
    auto folder = server::ReadPackFolder(base_ / "pack", limits);
    EXPECT_TRUE(folder.ok());
    return folder.ok() ? *std::move(folder) : server::PackFolder{};
  }
  // "path: message", one a line.
  static std::string Told(const server::PackFolder& folder) {
    std::string told;
    for (const auto& finding : folder.findings) told += finding.file + ": " + finding.message + "\n";
    return told;
  }
  static std::string Paths(const server::PackFolder& folder) {
    std::string paths;
    for (const auto& [path, bytes] : folder.files) paths += path + " ";
    return paths;
  }

  fs::path base_;
};

TEST_F(PackFilesTest, ReadsWhatTheFormatKnowsAndPassesOverTheRest) {
  Write("pack/README.md", "# x\n");
  Write("pack/old.cc", "int x;\n");
  Write("pack/rules/README.md", "# x\n");
  Write("pack/rules/.a.yaml.swp", "x");
  fs::create_directories(base_ / "pack" / ".git");
  const auto folder = Read();
  EXPECT_EQ(Told(folder), "");
  EXPECT_EQ(Paths(folder), "logic/L.cql pack.yaml rules/a.yaml rules/b.yaml ");
  EXPECT_EQ(folder.files.at("rules/b.yaml"), "id: B\n");
}

TEST_F(PackFilesTest, FilesOfTheWrongKindAreTold) {
  Write("pack/rules/c.yml", "id: C\n");
  Write("pack/logic/M.txt", "library M\n");
  Write("pack/rules/d e.yaml", "id: D\n");
  fs::create_directories(base_ / "pack" / "rules" / "sub");
  EXPECT_EQ(Told(Read()),
            "logic/M.txt: this file is no part of a pack\n"
            "rules/c.yml: this file is no part of a pack\n"
            "rules: a file's name is not plain ASCII without blanks\n"
            "rules/sub: a folder inside \"rules\" is not read\n");
}

TEST_F(PackFilesTest, AMisplacedFileIsLeftToThePackReader) {
  Write("pack/c.yaml", "id: C\n");
  EXPECT_EQ(Paths(Read()), "c.yaml logic/L.cql pack.yaml rules/a.yaml rules/b.yaml ");
}

TEST_F(PackFilesTest, LinksStayInThePack) {
  Write("secret.yaml", "password: x\n");
  fs::create_symlink(base_ / "secret.yaml", base_ / "pack" / "rules" / "c.yaml");
  fs::create_symlink("a.yaml", base_ / "pack" / "rules" / "d.yaml");
  fs::create_symlink("nowhere", base_ / "pack" / "rules" / "e.yaml");
  fs::create_directory_symlink(base_, base_ / "pack" / "resources");
  const auto folder = Read();
  EXPECT_EQ(Told(folder),
            "resources: this leads out of the pack\n"
            "rules/c.yaml: this leads out of the pack, or nowhere\n"
            "rules/e.yaml: this leads out of the pack, or nowhere\n");
  EXPECT_EQ(folder.files.at("rules/d.yaml"), "id: A\n");
}

TEST_F(PackFilesTest, AMountedFolderOfLinksIsRead) {
  fs::create_directories(base_ / "mount" / "..2026");
  fs::rename(base_ / "pack" / "pack.yaml", base_ / "mount" / "..2026" / "pack.yaml");
  fs::create_directory_symlink("..2026", base_ / "mount" / "..data");
  fs::create_symlink("..data/pack.yaml", base_ / "mount" / "pack.yaml");
  const auto folder = server::ReadPackFolder(base_ / "mount");
  ASSERT_TRUE(folder.ok());
  EXPECT_EQ(Told(*folder), "");
  EXPECT_EQ(Paths(*folder), "pack.yaml ");
}

TEST_F(PackFilesTest, APipeIsNotOpened) {
  ASSERT_EQ(mkfifo((base_ / "pack" / "rules" / "c.yaml").c_str(), 0600), 0);
  EXPECT_EQ(Told(Read()), "rules/c.yaml: this is no regular file\n");
}

TEST_F(PackFilesTest, LimitsHold) {
  Write("pack/rules/c.yaml", std::string(100, '#'));
  EXPECT_EQ(Told(Read({.file_bytes = 99})), "rules/c.yaml: this file is larger than 99 bytes\n");
  EXPECT_EQ(Told(Read({.pack_bytes = 127})),
            "rules/c.yaml: with this file the pack is larger than 127 bytes\n");
  EXPECT_EQ(Told(Read({.pack_bytes = 128})), "");
  EXPECT_EQ(Told(Read({.files = 3})), "rules/b.yaml: the pack has more than 3 files; the rest is not read\n");
}

TEST_F(PackFilesTest, WhatIsNoFolderIsAnError) {
  const auto missing = server::ReadPackFolder(base_ / "nothing");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().public_text, "there is no such folder");
  EXPECT_FALSE(server::ReadPackFolder(base_ / "pack" / "pack.yaml").ok());
}

}  // namespace
}  // namespace osteon::testing
