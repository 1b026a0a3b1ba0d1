// Beast's fuzzed HTTP/1 parser, with only the fields kept that anybody asks for: no field list is allocated.
// Private to server/http.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <limits>
#include <string>
#include <string_view>

namespace osteon::server {

struct RequestHead {
  std::string method;
  std::string target;
  std::string content_type;
  std::string authorization;
  std::string origin;
  std::string request_id;
  bool expects_continue = false;
  int version = 11;
  int hosts = 0;
  int lengths = 0;          // Content-Length fields
  bool odd_coding = false;  // a Transfer-Encoding other than plain "chunked"

  void Clear() {
    for (std::string* text : {&method, &target, &content_type, &authorization, &origin, &request_id})
      text->clear();
    expects_continue = false;
    hosts = lengths = 0;
    odd_coding = false;
  }
};

class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  using Code = boost::beast::error_code;
  using Text = boost::beast::string_view;
  using Field = boost::beast::http::field;

  RequestParser(RequestHead& head, std::string& body, std::size_t max_header_bytes,
                std::size_t max_body_bytes)
      : head_(head), body_(body), max_body_bytes_(max_body_bytes) {
    header_limit(static_cast<std::uint32_t>(max_header_bytes));
    // Our own limit applies after routing, so that an unknown path is 404 whatever its body.
    body_limit(std::numeric_limits<std::uint64_t>::max());
  }

  bool body_too_large() const { return body_too_large_; }

 private:
  static std::string_view View(Text text) { return {text.data(), text.size()}; }

  void on_request_impl(boost::beast::http::verb, Text method, Text target, int version, Code&) override {
    head_.version = version;
    head_.method = View(method);
    head_.target = View(target);
  }
  void on_response_impl(int, Text, int, Code&) override {}
  void on_field_impl(Field field, Text name, Text value, Code&) override {
    switch (field) {
      case Field::host:
        ++head_.hosts;
        break;
      case Field::content_length:
        ++head_.lengths;
        break;
      case Field::transfer_encoding:
        head_.odd_coding = !boost::beast::iequals(value, "chunked");
        break;
      case Field::content_type:
        head_.content_type = View(value);
        break;
      case Field::authorization:
        head_.authorization = View(value);
        break;
      case Field::origin:
        head_.origin = View(value);
        break;
      case Field::expect:
        head_.expects_continue = boost::beast::iequals(value, "100-continue");
        break;
      case Field::unknown:
        if (boost::beast::iequals(name, "x-request-id")) head_.request_id = View(value);
        break;
      default:
        break;
    }
  }
  void on_header_impl(Code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override {}
  std::size_t on_body_impl(Text text, Code& code) override { return Append(text, code); }
  // Refused when it is announced: nobody waits for bytes that would be refused anyway.
  void on_chunk_header_impl(std::uint64_t size, Text, Code& code) override {
    if (size > max_body_bytes_ - body_.size()) RefuseBody(code);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, Text text, Code& code) override { return Append(text, code); }
  void on_finish_impl(Code&) override {}

  std::size_t Append(Text text, Code& code) {
    if (text.size() > max_body_bytes_ - body_.size()) {
      RefuseBody(code);
      return 0;
    }
    body_.append(text.data(), text.size());
    return text.size();
  }
  void RefuseBody(Code& code) {
    body_too_large_ = true;
    code = boost::beast::http::error::body_limit;
  }

  RequestHead& head_;
  std::string& body_;
  const std::size_t max_body_bytes_;
  bool body_too_large_ = false;
};

}  // namespace osteon::server
