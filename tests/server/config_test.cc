#include "server/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace osteon::server {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ =
        std::filesystem::temp_directory_path() / ("osteon-config-" + std::to_string(::getpid()) + ".yaml");
  }
  void TearDown() override { std::filesystem::remove(path_); }

  base::Result<Config> FromFile(const std::string& text, ConfigInput input = {}) {
    std::ofstream(path_) << text;
    input.flags["--config"] = path_.string();
    return LoadConfig(input);
  }

  std::filesystem::path path_;
};

// A value other than the default that the row accepts.
std::string OtherValue(const OptionRow& row) {
  switch (row.kind) {
    case OptionKind::kInteger:
      return std::to_string(row.low + 1);
    case OptionKind::kAddress:
      return "127.0.0.1:1234";
    case OptionKind::kHost:
      return "127.0.0.2";
    case OptionKind::kUrl:
      return "https://other.example";
    case OptionKind::kInstant:
      return "2020-01-01T00:00:00Z";
    case OptionKind::kChoice:
      for (std::string_view rest = row.choices; !rest.empty();) {
        const std::string_view choice = rest.substr(0, rest.find('|'));
        if (choice != row.default_value) return std::string(choice);
        rest.remove_prefix(std::min(rest.size(), choice.size() + 1));
      }
      break;
    case OptionKind::kText:
      break;
  }
  return "other";
}

std::string ValueOf(const Config& config, const OptionRow& row) {
  if (const auto* field = std::get_if<std::int64_t Config::*>(&row.field))
    return std::to_string(config.*(*field));
  return config.*std::get<std::string Config::*>(row.field);
}

std::string NestedYaml(std::string_view key, const std::string& value) {
  const auto dot = key.find('.');
  if (dot == key.npos) return std::string(key) + ": \"" + value + "\"\n";
  return std::string(key.substr(0, dot)) + ": {" + std::string(key.substr(dot + 1)) + ": \"" + value +
         "\"}\n";
}

TEST_F(ConfigTest, EveryOptionIsSetByFileEnvironmentAndFlag) {
  for (const OptionRow& row : OptionTable()) {
    if (row.key.empty()) continue;
    SCOPED_TRACE(row.flag);
    const std::string value = OtherValue(row);
    ASSERT_NE(value, row.default_value);

    const auto defaults = LoadConfig({});
    ASSERT_TRUE(defaults.ok());
    EXPECT_EQ(ValueOf(*defaults, row), row.default_value);

    const auto file = FromFile(NestedYaml(row.key, value));
    ASSERT_TRUE(file.ok()) << file.error().public_text;
    EXPECT_EQ(ValueOf(*file, row), value);

    ConfigInput environment;
    const std::string name = EnvironmentName(row);
    environment.environment = [&](const char* asked) -> const char* {
      return asked == name ? value.c_str() : nullptr;
    };
    const auto from_environment = LoadConfig(environment);
    ASSERT_TRUE(from_environment.ok());
    EXPECT_EQ(ValueOf(*from_environment, row), value);

    const auto flag = LoadConfig({{{std::string(row.flag), value}}, {}, ConfigInput{}.environment});
    ASSERT_TRUE(flag.ok());
    EXPECT_EQ(ValueOf(*flag, row), value);
  }
}

TEST_F(ConfigTest, FlagsBeatTheEnvironmentAndThatBeatsTheFile) {
  ConfigInput input;
  input.environment = [](const char* name) -> const char* {
    return std::string_view(name) == "OSTEON_LIMITS_MAX_DEPTH" || std::string_view(name) == "OSTEON_THREADS"
               ? "7"
               : nullptr;
  };
  input.flags["--limits-max-depth"] = "8";
  const auto config = FromFile("limits: {max_depth: 6, max_nodes: 5000}\nthreads: {io: 5}\n", input);
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->max_depth, 8);
  EXPECT_EQ(config->threads, 7);
  EXPECT_EQ(config->max_nodes, 5000);
}

TEST_F(ConfigTest, NamesAndFlagsAreUnique) {
  std::set<std::string_view> keys, flags;
  for (const OptionRow& row : OptionTable()) {
    EXPECT_TRUE(keys.insert(row.key).second) << row.key;
    EXPECT_TRUE(flags.insert(row.flag).second) << row.flag;
    EXPECT_FALSE(row.help.empty());
    EXPECT_FALSE(row.example.empty());
  }
}

TEST_F(ConfigTest, UnknownKeysAreRefusedWithPlaceAndNearestKey) {
  const auto config = FromFile("listen:\n  http: 127.0.0.1:1\nlimits:\n  max_bdy_bytes: 5000\n");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().code, base::ErrorCode::kInvalidConfig);
  EXPECT_TRUE(config.error().path.ends_with(".yaml:4:3")) << config.error().path;
  EXPECT_NE(config.error().public_text.find("limits.max_body_bytes"), std::string::npos)
      << config.error().public_text;
}

TEST_F(ConfigTest, WrongFilesAreRefusedWithAPlace) {
  for (const char* text :
       {"limits: {max_depth: deep}", "limits: {max_depth: 2}", "limits: 5", "- a", "a: [",
        "listen: {http: 8080}", "listen: {http: \"host.example:80\"}", "log: {level: loud}",
        "store: {wait_ms: 5ms}", "log: {level: [info]}", "config: x", "log: {level: info, level: warn}",
        "admin: {tokens: [{name: a}]}", "admin: {tokens: [{name: a, role: king, sha256: b}]}",
        "admin: {tokens: [{name: a, role: admin, sha256: secret}]}", "admin: 5", "parameters: [a]",
        "fixed: {clock: yesterday}", "listen: {external_url: \"ftp://x\"}"}) {
    const auto config = FromFile(text);
    ASSERT_FALSE(config.ok()) << text;
    EXPECT_NE(config.error().path.find(".yaml:"), std::string::npos) << text;
  }
}

TEST_F(ConfigTest, ParametersAndTokensComeFromTheFile) {
  ConfigInput input;
  input.parameters = {"b.days=9", "a.lateGA=20"};
  const auto config = FromFile(
      "parameters: {a.lateGA: 24, c.ivYears: 8}\n"
      "admin: {tokens: [{name: ops, role: viewer, sha256: " +
          std::string(64, 'A') + "}]}\n",
      input);
  ASSERT_TRUE(config.ok()) << config.error().public_text;
  EXPECT_EQ(config->parameters.at("a.lateGA"), "20");
  EXPECT_EQ(config->parameters.at("c.ivYears"), "8");
  EXPECT_EQ(config->parameters.at("b.days"), "9");
  ASSERT_EQ(config->admin_tokens.size(), 1U);
  EXPECT_EQ(config->admin_tokens[0].sha256, std::string(64, 'a'));
}

TEST_F(ConfigTest, AnEmptyFileChangesNothing) {
  EXPECT_TRUE(FromFile("# nothing\n").ok());
}

TEST_F(ConfigTest, AMissingFileIsRefused) {
  EXPECT_FALSE(LoadConfig({{{"--config", "/nonexistent/osteon.yaml"}}, {}, ConfigInput{}.environment}).ok());
}

base::Result<Config> WithFlags(std::map<std::string, std::string> flags) {
  ConfigInput input;
  input.flags = std::move(flags);
  return LoadConfig(input);
}

TEST_F(ConfigTest, BeyondLoopbackNeedsInsecureBind) {
  const auto refused = WithFlags({{"--http", "0.0.0.0:80"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().path, "--http");
  EXPECT_NE(refused.error().public_text.find("--insecure-bind 0.0.0.0"), std::string::npos);
  EXPECT_FALSE(WithFlags({{"--http", "0.0.0.0:80"}, {"--insecure-bind", "10.0.0.1"}}).ok());
  const auto allowed = WithFlags({{"--http", "0.0.0.0:80"}, {"--insecure-bind", "0.0.0.0"}});
  ASSERT_TRUE(allowed.ok());
  EXPECT_EQ(allowed->warnings.size(), 1U);
  EXPECT_TRUE(
      WithFlags({{"--http", "[::1]:80"}, {"--admin", "127.0.0.9:0"}, {"--grpc", "localhost:0"}}).ok());
}

TEST_F(ConfigTest, InsecureBindMovesListenersThatAreNotSet) {
  const auto config = WithFlags({{"--insecure-bind", "0.0.0.0"}, {"--admin", "127.0.0.1:9000"}});
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->http, "0.0.0.0:8080");
  EXPECT_EQ(config->grpc, "0.0.0.0:50051");
  EXPECT_EQ(config->admin, "127.0.0.1:9000");
  EXPECT_EQ(WithFlags({{"--insecure-bind", "::"}})->http, "[::]:8080");
}

TEST_F(ConfigTest, AFixedClockOrIdsStayOnLoopback) {
  EXPECT_TRUE(WithFlags({{"--clock", "2026-06-15T10:00:00Z"}, {"--ids", "x"}}).ok());
  for (const char* flag : {"--clock", "--ids"}) {
    const auto refused = WithFlags({{flag, "2026-06-15T10:00:00Z"}, {"--insecure-bind", "0.0.0.0"}});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().path, flag);
  }
}

TEST_F(ConfigTest, MalformedParametersAndFlagsAreRefused) {
  ConfigInput input;
  input.parameters = {"noequals"};
  EXPECT_FALSE(LoadConfig(input).ok());
  EXPECT_FALSE(WithFlags({{"--http", "127.0.0.1:99999"}}).ok());
  EXPECT_FALSE(WithFlags({{"--http", "[127.0.0.1]:9"}}).ok());
  EXPECT_FALSE(WithFlags({{"--http", "::1:9"}}).ok());
  EXPECT_FALSE(WithFlags({{"--threads", "9999"}}).ok());
}

TEST_F(ConfigTest, TheMarkdownPageNamesEveryOption) {
  const std::string page = ConfigMarkdown();
  for (const OptionRow& row : OptionTable()) {
    EXPECT_NE(page.find("`" + std::string(row.flag) + "`"), std::string::npos) << row.flag;
    EXPECT_NE(page.find("`" + EnvironmentName(row) + "`"), std::string::npos) << row.flag;
  }
}

}  // namespace
}  // namespace osteon::server
