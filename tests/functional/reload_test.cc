// Versions of the rules that change while requests run: by the admin API, at a start, back again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "server/sha256.h"
#include "tests/functional/client.h"
#include "tests/functional/running_app.h"
#include "tests/testing/document.h"
#include "tests/testing/evidence.h"

namespace osteon::functional {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr char kViewPath[] = "/cds-services/small-patient-view";
constexpr char kView[] =
    R"({"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
    R"("context":{"userId":"Practitioner/1","patientId":"p1"},"prefetch":{"patient":{"resourceType":"Patient",)"
    R"("id":"p1"},"weights":{"resourceType":"Bundle","type":"searchset"},)"
    R"("problems":{"resourceType":"Bundle","type":"searchset"}}})";

class Reload : public ::testing::Test {
 protected:
  void SetUp() override {
    MakePack("a", "No weight on record");
    MakePack("b", "The weight was never taken");
    MakePack("broken", "No weight on record");
    std::ofstream(folder_ / "broken/rules/w.yaml", std::ios::app) << "colour: red\n";
    Switch("a");
  }
  void TearDown() override {
    app_.reset();
    fs::remove_all(folder_);
  }

  void MakePack(const std::string& name, const std::string& summary) {
    fs::copy(fs::path(OSTEON_SOURCE_DIR) / "tests/cards/small_pack", folder_ / name,
             fs::copy_options::recursive);
    std::string text = testing::ReadFile(folder_ / name / "rules/w.yaml");
    const std::string from = "No weight on record";
    text.replace(text.find(from), from.size(), summary);
    std::ofstream(folder_ / name / "rules/w.yaml", std::ios::binary) << text;
  }
  // In one step, as a deployment does.
  void Switch(const std::string& name) {
    fs::create_directory_symlink(folder_ / name, folder_ / "next");
    fs::rename(folder_ / "next", folder_ / "pack");
  }
  void WriteOverlay(const std::string& text) { std::ofstream(folder_ / "overlay.yaml") << text; }

  Flags FlagsOf(Flags more = {}) {
    more["--pack"] = (folder_ / "pack").string();
    more["--data"] = (folder_ / "data").string();
    return more;
  }
  void Start(Flags more = {}) {
    app_.reset();
    app_ = std::make_unique<RunningApp>(FlagsOf(std::move(more)));
  }
  // A start that does not come about throws.
  std::string FailedStart(Flags more = {}) {
    try {
      Start(std::move(more));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }

  std::string Answer() { return Post(app_->http(), kViewPath, kView)->body; }
  functional::Answer Admin(const std::string& path, const std::string& body,
                           const char* token = kAdminTokenHeader) {
    Connection connection(app_->admin());
    return connection.Ask(PostRequest(path, body, token)).value_or(functional::Answer{});
  }
  std::string Page(const std::string& path) { return Get(app_->admin(), path, kTokenHeader)->body; }
  std::string Hash() {
    const testing::Document page(Page("/admin/v1/rules"));
    return std::string(page.root().Find("hash").string());
  }

  fs::path folder_ = FreshFolder();
  std::unique_ptr<RunningApp> app_;
};

TEST_F(Reload, TwoHundredUnderLoadFailNoRequestAndMixNoVersions) {
  Start({{"--threads", "2"}});
  const std::string first = Answer();
  Switch("b");
  ASSERT_EQ(Admin("/admin/v1/reload", R"({"why":"the other"})").status, 200);
  const std::string second = Answer();
  ASSERT_THAT(first, HasSubstr("No weight on record"));
  ASSERT_THAT(second, HasSubstr("The weight was never taken"));

  std::atomic<bool> stopping{false};
  std::atomic<int> firsts{0}, seconds{0}, others{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      Connection connection(app_->http());
      while (!stopping) {
        const auto answer = connection.Ask(PostRequest(kViewPath, kView));
        const std::string body = answer && answer->status == 200 ? answer->body : "";
        ++(body == first ? firsts : body == second ? seconds : others);
        if (!answer) return;
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    const bool is_broken = i % 10 == 5;
    Switch(is_broken ? "broken" : i % 2 == 0 ? "a" : "b");
    const auto answer = Admin("/admin/v1/reload", R"({"why":"under load"})");
    EXPECT_EQ(answer.status, is_broken ? 422 : 200) << answer.body;
    // Nine times out of ten the new one, otherwise the one before it.
    EXPECT_EQ(Answer(), i % 2 == 0 || is_broken ? first : second);
  }
  stopping = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(others, 0);
  EXPECT_GT(firsts, 0);
  EXPECT_GT(seconds, 0);
}

TEST_F(Reload, ABrokenPackIsRefusedWithItsMistakes) {
  Start();
  const std::string hash = Hash();
  Switch("broken");
  const auto answer = Admin("/admin/v1/reload", R"({"why":"try"})");
  EXPECT_EQ(answer.status, 422);
  const testing::Document page(answer.body);
  EXPECT_EQ(page.root().Find("result").string(), "refused");
  EXPECT_EQ(page.root().Find("after").string(), hash);
  EXPECT_EQ(page.root().Find("findings").At(0).Find("file").string(), "rules/w.yaml");
  EXPECT_EQ(Hash(), hash);
  EXPECT_THAT(Page("/metrics"),
              HasSubstr("osteon_pack_activations_total{result=\"refused\",trigger=\"reload\"} 1"));
}

TEST_F(Reload, TheHistorySaysWhoWhenWhyBeforeAndAfterAndOutlivesTheServer) {
  Start();
  const std::string before = Hash();
  Switch("b");
  ASSERT_EQ(Admin("/admin/v1/reload", R"({"why":"ticket 17"})").status, 200);
  const std::string after = Hash();
  EXPECT_NE(before, after);
  EXPECT_THAT(Page("/metrics"), HasSubstr("osteon_pack_info{hash=\"" + after + "\",pack=\"small\""));
  EXPECT_THAT(Page("/metrics"), ::testing::Not(HasSubstr(before)));
  Start();
  const testing::Document page(Page("/admin/v1/history"));
  const json::Value list = page.root().Find("activations");
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list.At(0).Find("action").string(), "start");
  EXPECT_EQ(list.At(1).Find("action").string(), "reload");
  EXPECT_EQ(list.At(1).Find("who").string(), "root");
  EXPECT_EQ(list.At(1).Find("why").string(), "ticket 17");
  EXPECT_EQ(list.At(1).Find("when").string(), "2026-06-15T10:00:00Z");
  EXPECT_EQ(list.At(1).Find("before").string(), before);
  EXPECT_EQ(list.At(1).Find("after").string(), after);
  EXPECT_EQ(list.At(1).Find("result").string(), "activated");
}

TEST_F(Reload, RolesAndReasonsAreNeeded) {
  Start();
  EXPECT_EQ(Admin("/admin/v1/reload", R"({"why":"x"})", "").status, 401);
  EXPECT_EQ(Admin("/admin/v1/reload", R"({"why":"x"})", kTokenHeader).status, 403);
  EXPECT_EQ(Admin("/admin/v1/rollback", R"({"why":"x","to":"y"})", kTokenHeader).status, 403);
  EXPECT_EQ(Admin("/admin/v1/reload", R"({"why":"  "})").status, 400);
  EXPECT_EQ(Admin("/admin/v1/reload", "[").status, 400);
  EXPECT_EQ(Admin("/admin/v1/rollback", R"({"why":"x"})").status, 400);
  EXPECT_EQ(Admin("/admin/v1/rollback", R"({"why":"x","to":"../a"})").status, 400);
  EXPECT_EQ(Get(app_->admin(), "/admin/v1/rules")->status, 401);
  EXPECT_EQ(Get(app_->admin(), "/admin/v1/history")->status, 401);
  EXPECT_EQ(Admin("/admin/v1/reload", R"({"why":"x"})").status, 200);
  EXPECT_THAT(Page("/admin/v1/history"), HasSubstr("\"result\":\"unchanged\""));
}

TEST_F(Reload, ARollbackHoldsOverAStartUntilTheConfiguredRulesAreOthers) {
  Start();
  const std::string old = Hash();
  Switch("b");
  ASSERT_EQ(Admin("/admin/v1/reload", R"({"why":"new"})").status, 200);
  const auto answer = Admin("/admin/v1/rollback", R"({"why":"too many cards","to":")" + old + "\"}");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Hash(), old);
  EXPECT_THAT(Answer(), HasSubstr("No weight on record"));
  EXPECT_THAT(Get(app_->http(), "/health/ready")->body, HasSubstr("\"rules\":\"rolled_back\""));
  Start();
  EXPECT_EQ(Hash(), old);
  ASSERT_EQ(Admin("/admin/v1/reload", R"({"why":"on purpose"})").status, 200);
  EXPECT_THAT(Answer(), HasSubstr("never taken"));
  Start();
  EXPECT_THAT(Answer(), HasSubstr("never taken"));
}

TEST_F(Reload, AStartWithABrokenPackServesTheLastGoodOne) {
  Switch("broken");
  EXPECT_THAT(FailedStart(), HasSubstr("rules/w.yaml"));  // none was ever served
  Switch("a");
  Start();
  const std::string hash = Hash();
  Switch("broken");
  Start();
  EXPECT_EQ(Hash(), hash);
  EXPECT_THAT(Answer(), HasSubstr("No weight on record"));
  EXPECT_THAT(Get(app_->http(), "/health/ready")->body, HasSubstr("\"rules\":\"last_good\""));
  EXPECT_THAT(Page("/metrics"), HasSubstr("osteon_pack_is_configured 0"));
  EXPECT_THAT(Page("/admin/v1/history"), HasSubstr("\"result\":\"last_good\",\"detail\":\"1 mistake, at "));
  // Damaged on disk, it is not served either.
  app_.reset();
  std::ofstream(folder_ / "data/packs" / hash / "pack/rules/w.yaml", std::ios::app) << "# x\n";
  EXPECT_THAT(FailedStart(), HasSubstr("rules/w.yaml"));
}

TEST_F(Reload, TheOverlayIsPartOfTheVersion) {
  WriteOverlay("pack: small\nrules:\n  W: {state: silent}\nparameters: {s.limit: 40}\n");
  Start({{"--overlay", (folder_ / "overlay.yaml").string()}});
  const std::string silent = Hash();
  EXPECT_EQ(Answer(), "{\"cards\":[]}");
  EXPECT_THAT(Page("/admin/v1/rules"), HasSubstr("\"state\":\"silent\""));
  EXPECT_THAT(Page("/admin/v1/rules"), HasSubstr("\"key\":\"s.limit\",\"value\":\"40\""));
  WriteOverlay("pack: small\nrules:\n  X: {state: silent}\n");
  EXPECT_THAT(Admin("/admin/v1/reload", R"({"why":"x"})").body, HasSubstr("no rule \\\"X\\\""));
  WriteOverlay("pack: small\nrules:\n  W: {state: active}\n");
  EXPECT_EQ(Admin("/admin/v1/reload", R"({"why":"x"})").status, 200);
  EXPECT_THAT(Answer(), HasSubstr("No weight on record"));
  EXPECT_NE(Hash(), silent);
}

TEST_F(Reload, WatchedFilesAreLoadedWhenTheyChange) {
  Start({{"--reload-watch", "on"}});
  const std::string first = Answer();
  Switch("b");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (Answer() == first && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_THAT(Answer(), HasSubstr("never taken"));
  EXPECT_THAT(Page("/admin/v1/history"), HasSubstr("\"action\":\"watch\",\"who\":\"watch\""));
}

}  // namespace
}  // namespace osteon::functional
