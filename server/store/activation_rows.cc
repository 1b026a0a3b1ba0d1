#include "server/store/activation_rows.h"

namespace osteon::server {
namespace {

constexpr std::string_view kActionNames[] = {"start", "signal", "watch", "reload", "rollback"};
constexpr std::string_view kResultNames[] = {"activated", "unchanged", "refused", "last_good"};

constexpr char kInsert[] =
    "INSERT INTO activation (time_ms, action, who, why, before_hash, after_hash, wanted_hash, result, detail)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr char kSelect[] =
    "SELECT time_ms, action, who, why, before_hash, after_hash, wanted_hash, result, detail FROM activation"
    " ORDER BY seq DESC LIMIT ?";

}  // namespace

std::string_view ActivationActionName(ActivationAction action) {
  return kActionNames[static_cast<std::size_t>(action)];
}

std::string_view ActivationResultName(ActivationResult result) {
  return kResultNames[static_cast<std::size_t>(result)];
}

bool WriteActivation(Database& database, const Activation& activation) {
  auto insert = database.Prepare(kInsert);
  if (!insert.ok()) return false;
  insert->Bind(1, activation.when.ms);
  insert->Bind(2, activation.action);
  insert->Bind(3, activation.who);
  insert->Bind(4, activation.why);
  insert->Bind(5, activation.before);
  insert->Bind(6, activation.after);
  insert->Bind(7, activation.wanted);
  insert->Bind(8, activation.result);
  insert->Bind(9, activation.detail);
  return insert->Execute();
}

base::Result<std::vector<Activation>> ReadActivations(Database& reader, std::size_t limit) {
  OSTEON_ASSIGN_OR_RETURN(Statement rows, reader.Prepare(kSelect));
  rows.Bind(1, static_cast<std::int64_t>(limit));
  std::vector<Activation> activations;
  while (rows.Next()) {
    activations.push_back({base::Instant{rows.Integer(0)}, rows.Text(1), rows.Text(2), rows.Text(3),
                           rows.Text(4), rows.Text(5), rows.Text(6), rows.Text(7), rows.Text(8)});
  }
  return activations;
}

}  // namespace osteon::server
