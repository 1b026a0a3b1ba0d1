#include "tests/testing/document.h"

#include <stdexcept>

namespace osteon::testing {

Padded::Padded(std::string_view text) : bytes_(text), size_(text.size()) {
  // Not zeros: whoever reads the padding as text shall notice.
  bytes_.append(json::kReadPadding, '}');
}

Document::Document(std::string_view text)
    : text_(std::make_unique<Padded>(text)), arena_(std::make_unique<base::Arena>()) {
  const auto tree = json::Tree::Read(text_->text(), *arena_);
  if (!tree.ok()) throw std::runtime_error("test document: " + tree.error().public_text);
  root_ = (*tree)->root();
}

}  // namespace osteon::testing
