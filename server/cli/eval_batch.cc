#include "server/cli/eval_batch.h"

#include <filesystem>
#include <fstream>
#include <istream>
#include <iterator>
#include <new>
#include <ostream>

#include "fhir/base/text.h"

namespace osteon::server {
namespace {

constexpr std::size_t kMostFiles = 256;

// Its own files and the author's: larger than what a service takes from strangers.
constexpr json::ReadLimits kFileLimits{.max_depth = 256, .max_nodes = std::size_t{1} << 24U};

base::Error Invalid(std::string text) {
  return {base::ErrorCode::kInvalidRequest, std::move(text), "", ""};
}

ExpressionError RequestError(std::string_view phase, std::string message) {
  return {phase, std::move(message), "", 1, 1, false};
}

// As JSON. Numbers and texts are ids; everything else is none.
std::string IdText(json::Value id) {
  if (id.is_number()) return std::string(id.number());
  if (!id.is_string()) return "null";
  json::Writer out;
  out.String(id.string());
  return std::string(out.text());
}

std::string ErrorAnswer(std::string_view id, const ExpressionError& error) {
  json::Writer out;
  out.StartObject().Key("id").Raw(id).Key("error").StartObject();
  out.Member("phase", error.phase).Member("message", error.message);
  if (!error.hint.empty()) out.Member("hint", error.hint);
  out.Key("line").Integer(error.line).Key("column").Integer(error.column);
  out.EndObject().EndObject();
  return std::string(out.text());
}

std::string ResultAnswer(std::string_view id, ExpressionLanguage language, const model::Val& value) {
  json::Writer out;
  out.StartObject().Key("id").Raw(id).Key("result");
  WriteItems(value, out);
  if (language == ExpressionLanguage::kCql && value.is(model::Kind::kList)) out.Key("list").Bool(true);
  out.EndObject();
  return std::string(out.text());
}

}  // namespace

base::Result<std::shared_ptr<const DataFile>> DataFile::Read(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return Invalid("there is no such data file");
  auto file = std::make_shared<DataFile>();
  std::ifstream in(path, std::ios::binary);
  file->text_.assign(std::istreambuf_iterator<char>(in), {});
  file->text_.reserve(file->text_.size() + json::kReadPadding);
  OSTEON_ASSIGN_OR_RETURN(file->tree_, json::Tree::Read(file->text_, file->arena_, kFileLimits));
  return std::shared_ptr<const DataFile>(std::move(file));
}

base::Result<json::Value> BatchEvaluator::Data(json::Value request) {
  const json::Value data = request.Find("data");
  if (!data.exists() || data.is_null()) return json::Value();
  if (data.is_object()) return data;
  if (!data.is_string()) return Invalid("\"data\" is a path or a resource");
  if (const auto known = files_.find(data.string()); known != files_.end()) return known->second->root();
  const std::string path(data.string());
  OSTEON_ASSIGN_OR_RETURN(const auto file, DataFile::Read(path));
  if (files_.size() >= kMostFiles) files_.clear();
  files_[path] = file;
  return file->root();
}

std::string BatchEvaluator::AnswerRequest(json::Value request, std::string_view id) {
  if (!request.is_object()) return ErrorAnswer(id, RequestError("parse", "the line is no JSON object"));
  ExpressionRequest expression;
  const std::string_view language = request.Find("language").string();
  if (language != "fhirpath" && language != "cql") {
    return ErrorAnswer(id, RequestError("parse", R"("language" is "fhirpath" or "cql")"));
  }
  if (language == "cql") expression.language = ExpressionLanguage::kCql;
  if (!request.Find("expression").is_string()) {
    return ErrorAnswer(id, RequestError("parse", "\"expression\" is a text"));
  }
  expression.expression = request.Find("expression").string();
  expression.variables = request.Find("variables");
  if (expression.variables.is_null()) expression.variables = {};
  if (expression.variables.exists() && !expression.variables.is_object()) {
    return ErrorAnswer(id, RequestError("parse", "\"variables\" is an object"));
  }
  const auto data = Data(request);
  if (!data.ok()) return ErrorAnswer(id, RequestError("run", "data: " + data.error().public_text));
  expression.data = *data;
  const ExpressionOutcome outcome = EvaluateExpression(expression, settings_, arena_);
  if (!outcome.ok()) return ErrorAnswer(id, outcome.errors.front());
  return ResultAnswer(id, expression.language, outcome.value);
}

std::string BatchEvaluator::Answer(std::string_view line) {
  arena_.Reset();
  std::string id = "null";
  try {
    std::string text(line);
    text.reserve(text.size() + json::kReadPadding);
    const auto tree = json::Tree::Read(text, arena_, kFileLimits);
    if (!tree.ok()) return ErrorAnswer(id, RequestError("parse", tree.error().public_text));
    const json::Value request = (*tree)->root();
    id = IdText(request.Find("id"));
    return AnswerRequest(request, id);
  } catch (const std::bad_alloc&) {
    return ErrorAnswer(id, RequestError("run", "the evaluation takes too much memory"));
  }
}

void RunBatch(std::istream& in, std::ostream& out, const ExpressionSettings& settings) {
  BatchEvaluator evaluator(settings);
  std::string line;
  while (std::getline(in, line)) {
    if (base::IsBlank(line)) continue;
    // Flushed, so that a program can wait for each answer.
    out << evaluator.Answer(line) << std::endl;
  }
}

}  // namespace osteon::server
