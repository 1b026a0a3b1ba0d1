#include "server/store/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace osteon::server {

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}
void Database::Closer::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

void Statement::Bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
}

void Statement::Bind(int index, std::string_view text) {
  // A null pointer would bind NULL; the columns are NOT NULL and an empty text is meant.
  const char* bytes = text.data() != nullptr ? text.data() : "";
  sqlite3_bind_text64(statement_.get(), index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::BindBytes(int index, std::span<const std::uint8_t> bytes) {
  sqlite3_bind_blob64(statement_.get(), index, bytes.data(), bytes.size(), SQLITE_STATIC);
}

void Statement::BindNull(int index) {
  sqlite3_bind_null(statement_.get(), index);
}

bool Statement::Execute() {
  const int step = sqlite3_step(statement_.get());
  const int reset = sqlite3_reset(statement_.get());
  return (step == SQLITE_DONE || step == SQLITE_ROW) && reset == SQLITE_OK;
}

bool Statement::Next() {
  return sqlite3_step(statement_.get()) == SQLITE_ROW;
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());
}

std::int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::Text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (text == nullptr || size <= 0) return {};
  return std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
}

base::Error Database::Failed(std::string_view what) const {
  return base::Error{base::ErrorCode::kStore, "the decision store cannot be used",
                     std::string(what) + ": " + FailureText(), ""};
}

base::Result<Database> Database::Open(const std::string& path, Mode mode, int busy_timeout_ms) {
  Database result;
  sqlite3* raw = nullptr;
  const int flags =
      (mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  result.database_.reset(raw);
  if (code != SQLITE_OK) return result.Failed("open");
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, busy_timeout_ms);
  if (mode == Mode::kReadOnly) return result;
  OSTEON_RETURN_IF_ERROR(result.Run("PRAGMA journal_mode=WAL"));
  OSTEON_RETURN_IF_ERROR(result.Run("PRAGMA synchronous=FULL"));
  OSTEON_RETURN_IF_ERROR(result.Run("PRAGMA foreign_keys=ON"));
  // The hook replaces automatic checkpoints: they would run inside COMMIT, before anybody is answered.
  sqlite3_wal_hook(
      raw,
      [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
      },
      result.wal_pages_.get());
  return result;
}

base::Status Database::Run(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return Failed("statement");
  return base::Ok{};
}

base::Result<Statement> Database::Prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK) {
    return Failed("prepare");
  }
  return Statement(raw);
}

base::Status Database::Migrate(std::span<const Migration> steps, std::int64_t now_ms) {
  OSTEON_RETURN_IF_ERROR(
      Run("CREATE TABLE IF NOT EXISTS schema_migrations ("
          "version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT"));
  std::int64_t have = 0;
  {
    OSTEON_ASSIGN_OR_RETURN(Statement newest,
                            Prepare("SELECT coalesce(max(version), 0) FROM schema_migrations"));
    if (!newest.Next()) return Failed("schema version");
    have = newest.Integer(0);
  }
  if (have > (steps.empty() ? 0 : steps.back().version)) {
    return base::Error{base::ErrorCode::kStore,
                       "the decision store was written by a newer osteon (schema " + std::to_string(have) +
                           "); start that version, or restore a backup",
                       "schema newer than the binary", ""};
  }
  for (const Migration& step : steps) {
    if (step.version <= have) continue;
    OSTEON_RETURN_IF_ERROR(Run("BEGIN IMMEDIATE"));
    OSTEON_RETURN_IF_ERROR(Run(std::string(step.sql).c_str()));
    OSTEON_ASSIGN_OR_RETURN(Statement note, Prepare("INSERT INTO schema_migrations VALUES (?, ?, ?)"));
    note.Bind(1, static_cast<std::int64_t>(step.version));
    note.Bind(2, step.name);
    note.Bind(3, now_ms);
    if (!note.Execute()) return Failed("schema step");
    OSTEON_RETURN_IF_ERROR(Run("COMMIT"));
  }
  return base::Ok{};
}

std::int64_t Database::last_row_id() const {
  return sqlite3_last_insert_rowid(database_.get());
}
int Database::changes() const {
  return sqlite3_changes(database_.get());
}

SqlFailure Database::failure() const {
  switch (sqlite3_errcode(database_.get()) & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return SqlFailure::kRow;
    default:
      return SqlFailure::kDatabase;
  }
}

std::string Database::FailureText() const {
  const int code = sqlite3_extended_errcode(database_.get());
  // sqlite3_errstr names the code only; sqlite3_errmsg could quote values.
  return std::string(sqlite3_errstr(code)) + " (" + std::to_string(code) + ")";
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

void Database::Checkpoint() {
  if (sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) ==
      SQLITE_OK) {
    *wal_pages_ = 0;
  }
}

base::Result<FolderLock> FolderLock::Take(const std::string& dir) {
  const std::string path = dir + "/osteon.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) {
    return base::Error{base::ErrorCode::kStore, "the data folder cannot be written: " + dir,
                       std::string("lock file: ") + std::strerror(errno), dir};
  }
  FolderLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return base::Error{base::ErrorCode::kStore,
                       "another osteon process uses the data folder " + dir +
                           "; one process per folder (stop it, or choose another --data)",
                       std::string("flock: ") + std::strerror(errno), dir};
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace osteon::server
