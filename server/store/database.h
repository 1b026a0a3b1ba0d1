// SQLite behind values instead of result codes: connections, statements, the schema, and the lock on the data
// folder. Private to server/store.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "fhir/base/result.h"
#include "server/store/migrations.h"

struct sqlite3;
struct sqlite3_stmt;

namespace osteon::server {

// What a failed call means for the rows at hand.
enum class SqlFailure : std::uint8_t {
  kRow,       // this row can never be stored (too large, breaks a constraint): the others go on
  kDatabase,  // disk full, locked, I/O: nothing can be stored now
};

class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  // Indexes from 1. Text and bytes are not copied: they live until Reset.
  void Bind(int index, std::int64_t value);
  void Bind(int index, std::string_view text);
  void BindBytes(int index, std::span<const std::uint8_t> bytes);
  void BindNull(int index);

  // Runs to the end and resets. False: see Database::failure.
  bool Execute();
  // The next row, or false at the end or on failure. Reset when done.
  bool Next();
  void Reset();
  std::int64_t Integer(int column) const;
  std::string Text(int column) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class Database {
 public:
  enum class Mode : std::uint8_t { kReadWrite, kReadOnly };
  // A writer gets WAL, synchronous=FULL and foreign_keys. `path` is the database file.
  static base::Result<Database> Open(const std::string& path, Mode mode, int busy_timeout_ms);

  base::Status Run(const char* sql);
  base::Result<Statement> Prepare(const char* sql);

  // Brings the schema up to the newest step. kStore when the database knows steps that `steps` does not.
  base::Status Migrate(std::span<const Migration> steps, std::int64_t now_ms);

  std::int64_t last_row_id() const;
  int changes() const;
  SqlFailure failure() const;
  // "disk full (13)": SQLite's name of the last failure, without any data.
  std::string FailureText() const;
  bool in_transaction() const;
  // Moves the WAL's pages into the database file as far as readers allow.
  void Checkpoint();
  // Pages in the WAL as of the last commit.
  int wal_pages() const { return *wal_pages_; }

 private:
  struct Closer {
    void operator()(sqlite3* database) const;
  };
  base::Error Failed(std::string_view what) const;

  std::unique_ptr<int> wal_pages_ =
      std::make_unique<int>(0);  // outlives the connection below, which writes it
  std::unique_ptr<sqlite3, Closer> database_;
};

// Holds `<dir>/osteon.lock` as long as it lives; one process per data folder.
class FolderLock {
 public:
  // kStore when another process holds it; public_text says so.
  static base::Result<FolderLock> Take(const std::string& dir);
  FolderLock(FolderLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace osteon::server
