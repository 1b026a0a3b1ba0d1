// Turns decisions and feedback into rows, through statements that are prepared once. Private to server/store.
#pragma once

#include <string>

#include "fhir/json/writer.h"
#include "server/store/database.h"
#include "server/store/store.h"

namespace osteon::server {

class RowWriter {
 public:
  static base::Result<RowWriter> Create(Database& database);

  // Inside a transaction. False: Database::failure says whether the row or the database is to blame.
  // A decision whose id is there already (fixed ids, the same request again) is the same decision: nothing is
  // added.
  bool Write(const cds_hooks::Decision& decision, const std::string& client);
  bool Write(const FeedbackBatch& batch);

 private:
  explicit RowWriter(Database& database) : database_(&database) {}
  bool WriteCard(const cds_hooks::CardRecord& card, std::int64_t decision);
  std::string_view RulesJson(const cds_hooks::Decision& decision);

  Database* database_;
  Statement decision_;
  Statement card_;
  Statement feedback_;
  std::string rules_;
  std::string keys_;
  std::string warnings_;
  std::string suggestions_;
};

}  // namespace osteon::server
