#include "cards/pack_reader_card_keys.h"

#include <array>

#include "cards/pack_reader_fill.h"
#include "cards/pack_reader_forms.h"

namespace osteon::cards {
namespace {

using enum KeyShape;
using enum KeyNeed;

void FillDetail(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  auto& parts = fill::Target<&CardSource::detail>(target);
  const auto add = [&](const YamlNode& node) {
    if (node.kind == YamlNode::Kind::kScalar) {
      parts.emplace_back().text = filler.TextOf(row, node);
    } else if (node.kind == YamlNode::Kind::kMap) {
      filler.Fill(*row.inner, node, &parts.emplace_back());
    } else if (!node.is_damaged) {
      filler.Report(node.place, "a part of the detail is a text or a map");
    }
  };
  if (value.kind == YamlNode::Kind::kScalar) add(value);
  for (const YamlNode& item : value.items) add(item);
}

void FillEach(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  auto& part = *static_cast<DetailPart*>(target);
  part.each = filler.TextOf(row, value);
  part.kind = DetailPart::Kind::kEach;
}
void FillGaps(PackFiller& filler, const KeyRow& row, const YamlNode& value, void* target) {
  auto& part = *static_cast<DetailPart*>(target);
  if (!part.text.empty()) filler.Report(value.place, "\"gaps\" stands alone in its part");
  part.text = filler.TextOf(row, value);
  part.kind = DetailPart::Kind::kGaps;
}

void CheckPart(PackFiller& filler, const YamlNode& value, const void* target) {
  const auto& part = *static_cast<const DetailPart*>(target);
  if (value.Find("gaps") != nullptr && value.members.size() > 1)
    filler.Report(value.place, "\"gaps\" stands alone in its part");
  else if (part.text.empty())
    filler.Report(value.place, "a part of the detail has neither \"text\" nor \"gaps\"");
}

void FillResource(PackFiller& filler, const KeyRow&, const YamlNode& value, void* target) {
  auto& action = *static_cast<ActionSource*>(target);
  const YamlMember* include = value.Find("include");
  if (include == nullptr) {
    action.resource = filler.ResourceOf(value);
    if (value.Find("resourceType") == nullptr && !value.is_damaged)
      filler.Report(value.place, "a resource has no \"resourceType\"", "or write {include: NAME}");
    return;
  }
  if (include->value.kind != YamlNode::Kind::kScalar || value.members.size() > 1) {
    if (!value.is_damaged)
      filler.Report(include->place, "\"include\" names one resource file and stands alone");
    return;
  }
  action.include = {include->value.text, include->value.place};
  if (!form::kName.matches(action.include.text))
    filler.Report(action.include.place,
                  '"' + action.include.text + "\" is not " + std::string(form::kName.says));
}

void CheckAction(PackFiller& filler, const YamlNode& value, const void* target) {
  const auto& action = *static_cast<const ActionSource*>(target);
  const bool is_delete = action.type.text == "delete";
  const bool has_resource = action.resource.has_value() || !action.include.empty();
  if (is_delete && has_resource)
    filler.Report(value.Find("resource")->place, "a delete action has a \"resource_id\" and no \"resource\"");
  if (is_delete && action.resource_id.empty())
    filler.Report(value.place, "a delete action has no \"resource_id\"");
  if (!is_delete && !has_resource)
    filler.Report(value.place, "a " + action.type.text + " action has no \"resource\"");
  if (!is_delete && !action.resource_id.empty())
    filler.Report(action.resource_id.place, "only a delete action has a \"resource_id\"");
}

void CheckCard(PackFiller& filler, const YamlNode&, const void* target) {
  const auto& card = *static_cast<const CardSource*>(target);
  if (!card.selection.empty() && card.suggestions.empty())
    filler.Report(card.selection.place, "\"selection\" on a card without suggestions");
}

constexpr std::array kPartKeys = {
    KeyRow{"when", kText, kOptional, fill::OneText<&DetailPart::when>, nullptr, nullptr,
           "left out when this is not met"},
    KeyRow{"each", kText, kOptional, FillEach, nullptr, nullptr, "a list; the text once per item, as It"},
    KeyRow{"text", kText, kOptional, fill::OneText<&DetailPart::text>, nullptr, nullptr,
           "Markdown with {{placeholders}}"},
    KeyRow{"gaps", kText, kOptional, FillGaps, nullptr, nullptr,
           "a text with {{gaps}}, only when something could not be checked"},
};
constexpr KeyTable kPartTable = {"a part of the detail", kPartKeys, CheckPart};

constexpr std::array kActionKeys = {
    KeyRow{"type", kText, kRequired, fill::OneText<&ActionSource::type>, &form::kActionType, nullptr, ""},
    KeyRow{"when", kText, kOptional, fill::OneText<&ActionSource::when>, nullptr, nullptr,
           "CQL; left out when this is not met"},
    KeyRow{"description", kText, kRequired, fill::OneText<&ActionSource::description>, nullptr, nullptr,
           "with {{placeholders}}"},
    KeyRow{"resource_id", kText, kOptional, fill::OneText<&ActionSource::resource_id>, nullptr, nullptr,
           "of delete: Type/id, with {{placeholders}}"},
    KeyRow{"resource", kResource, kOptional, FillResource, nullptr, nullptr,
           "a FHIR R4 resource whose texts may hold {{placeholders}}, or {include: NAME} of "
           "resources/NAME.yaml"},
};
constexpr KeyTable kActionTable = {"an action", kActionKeys, CheckAction};

constexpr std::array kSuggestionKeys = {
    KeyRow{"label", kText, kRequired, fill::OneText<&SuggestionSource::label>, nullptr, nullptr,
           "with {{placeholders}}"},
    KeyRow{"when", kText, kOptional, fill::OneText<&SuggestionSource::when>, nullptr, nullptr, "CQL"},
    KeyRow{"each", kText, kOptional, fill::OneText<&SuggestionSource::each>, nullptr, nullptr,
           "a list; one suggestion per item, as It"},
    KeyRow{"recommended", kText, kOptional, fill::OneText<&SuggestionSource::recommended>, &form::kBoolean,
           nullptr, "isRecommended"},
    KeyRow{"actions", kObjects, kRequired, fill::Objects<&SuggestionSource::actions>, nullptr, &kActionTable,
           ""},
};
constexpr KeyTable kSuggestionTable = {"a suggestion", kSuggestionKeys};

constexpr std::array kCardKeys = {
    KeyRow{"summary", kText, kRequired, fill::OneText<&CardSource::summary>, nullptr, nullptr,
           "under 140 characters, with {{placeholders}}"},
    KeyRow{"detail", kDetail, kOptional, FillDetail, nullptr, &kPartTable,
           "Markdown with {{placeholders}}; parts are separated by an empty line"},
    KeyRow{"selection", kText, kOptional, fill::OneText<&CardSource::selection>, &form::kSelection, nullptr,
           "selectionBehavior; absent: any"},
    KeyRow{"override_reasons", kTexts, kOptional, fill::ManyTexts<&CardSource::override_reasons>,
           &form::kName, nullptr, "codes of the pack's override reasons"},
    KeyRow{"links", kTexts, kOptional, fill::ManyTexts<&CardSource::links>, &form::kName, nullptr,
           "ids of the pack's links"},
    KeyRow{"suggestions", kObjects, kOptional, fill::Objects<&CardSource::suggestions>, nullptr,
           &kSuggestionTable, ""},
};

}  // namespace

const KeyTable kCardTable = {"a card", kCardKeys, CheckCard};

}  // namespace osteon::cards
