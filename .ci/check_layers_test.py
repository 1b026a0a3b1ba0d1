#!/usr/bin/env python3
"""Bad trees are refused, each with its place; a good one passes. Also the counting in check_size."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import check_size  # noqa: E402
from cpp_text import code_only  # noqa: E402

HEADER = "#pragma once\n"


def run(check, files, *arguments):
    """(exit code, output) of a check over a tree of {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, str(HERE / check), folder, *arguments], capture_output=True, text=True)
        return done.returncode, done.stdout


class Layers(unittest.TestCase):
    def refuses(self, path, text, message, **more_files):
        code, output = run("check_layers.py", {path: text, **more_files})
        self.assertEqual(code, 1, f"accepted: {path}: {text!r}")
        self.assertIn(message, output)
        self.assertTrue(output.startswith(f"{path}:"), output)

    def accepts(self, files):
        code, output = run("check_layers.py", files)
        self.assertEqual((code, output), (0, ""))

    def test_includes_downward_pass(self):
        self.accepts({
            "server/app.cc": '#include "server/app.h"\n\n#include <boost/asio.hpp>\n#include <fstream>\n'
                             '#include "cds_hooks/engine.h"\n#include "fhir/base/result.h"\n',
            "server/app.h": HEADER, "fhir/base/result.h": HEADER + "#include <string>\n",
            "cds_hooks/engine.h": HEADER + '#include "cards/card.h"\n', "cards/card.h": HEADER,
            "cards/rule_yaml.cc": "#include <yaml-cpp/yaml.h>\n", "fhir/json/writer.cc": "#include <rapidjson/writer.h>\n",
            "tests/a_test.cc": "#include <gtest/gtest.h>\n#include <sqlite3.h>\n"})

    def test_an_include_upward_is_refused_with_its_line(self):
        self.refuses("cards/b.cc", '\n#include "cds_hooks/engine.h"\n', "cards/b.cc:2: cards must not include cds_hooks")
        self.refuses("fhir/json/b.cc", '#include "fhir/model/node.h"\n', "fhir/json must not include fhir/model")
        self.refuses("fhir/base/b.cc", '#include "fhir/json/tree.h"\n', "fhir/base must not include fhir/json")
        self.refuses("cds_hooks/b.cc", '#include "server/config.h"\n', "cds_hooks must not include server")

    def test_angle_brackets_do_not_hide_an_include_upward(self):
        self.refuses("cards/b.cc", "#include <server/config.h>\n", "cards must not include server")

    def test_tests_and_bench_are_included_by_nobody(self):
        self.refuses("server/b.cc", '#include "tests/testing/fake.h"\n', "nothing includes tests")
        self.refuses("fhir/base/b.cc", '#include "bench/timer.h"\n', "nothing includes tests")

    def test_a_third_party_header_in_the_wrong_place_is_refused(self):
        for path, header in (("cards/b.cc", "rapidjson/document.h"), ("server/b.cc", "simdjson.h"),
                             ("cards/card.cc", "yaml-cpp/yaml.h"), ("server/http/b.cc", "yaml-cpp/yaml.h"),
                             ("cds_hooks/b.cc", "grpcpp/grpcpp.h"), ("fhir/base/b.cc", "openssl/sha.h"),
                             ("fhir/base/b.cc", "boost/asio.hpp"), ("cds_hooks/b.cc", "spdlog/spdlog.h"),
                             ("fhir/model/b.cc", "sqlite3.h"), ("server/b.cc", "gtest/gtest.h")):
            self.refuses(path, f"#include <{header}>\n", f"{header} belongs in")

    def test_a_header_in_no_table_is_refused_below_server(self):
        self.refuses("cards/b.cc", "#include <nlohmann/json.hpp>\n", "is in no row of the table")

    def test_a_public_header_shows_no_third_party_type(self):
        self.refuses("fhir/json/b.h", HEADER + "#include <rapidjson/document.h>\n", "public header must not show")

    def test_an_include_relative_to_its_own_folder_is_refused(self):
        self.refuses("cards/b.cc", '#include "card.h"\n', "from the repository root")

    def test_the_own_header_comes_first(self):
        self.refuses("cards/b.cc", '#include <string>\n#include "cards/b.h"\n', "own header first", **{"cards/b.h": HEADER})

    def test_a_header_without_pragma_once_is_refused(self):
        self.refuses("cards/b.h", "int x;\n", "#pragma once")

    def test_an_unknown_folder_of_the_domain_is_refused(self):
        self.refuses("fhir/xml/b.cc", "int x;\n", "not a folder of the layer table")

    def test_io_clock_and_log_are_refused_in_the_domain(self):
        for call in ("auto t = std::chrono::system_clock::now();", "auto t = std::chrono::steady_clock::now();",
                     "auto t = time(nullptr);", "auto t = std::time(nullptr);", "gettimeofday(&t, nullptr);",
                     "std::cout << 1;", "std::cerr << 1;", "printf(text);", "fprintf(stderr, text);", "FILE* f = fopen(a, b);",
                     "std::ifstream in(a);", "spdlog::info(a);", "getenv(a);", "std::random_device seed;"):
            self.refuses("cards/b.cc", f"void F() {{\n  {call}\n}}\n", "cards/b.cc:2: ")
        for header in ("fstream", "iostream", "filesystem", "sys/socket.h", "unistd.h"):
            self.refuses("fhir/base/b.cc", f"#include <{header}>\n", "does no I/O")

    def test_what_only_looks_like_io_passes(self):
        self.accepts({"cards/b.cc": "// printf(x) and std::cout: not here\n/* fopen( */\n"
                                    "int n = snprintf(a, b, c);\nauto t = observation.time();\nint time() ;\n"
                                    'auto s = "printf(x)";\nauto r = R"x(std::cerr << ")x";\nint k = 1\'000; char c = \'"\';\n'
                                    '// #include "server/app.h"\n'})

    def test_the_graph_counts_includes_between_folders(self):
        code, output = run("check_layers.py", {"cards/a.cc": '#include "fhir/base/x.h"\n#include "fhir/base/y.h"\n'}, "--dot")
        self.assertEqual(code, 0)
        self.assertIn('"cards" -> "fhir/base" [label="2"];', output)


class Sizes(unittest.TestCase):
    def lengths(self, text):
        return list(check_size.functions_of(text))

    def test_functions_are_measured_from_signature_to_closing_brace(self):
        self.assertEqual(self.lengths("namespace a {\nclass B {\n  int C() {\n    return 1;\n  }\n};\n}\n"), [(3, 3)])
        self.assertEqual(self.lengths("int F(int a,\n      int b)\n{\n  if (a) { b(); }\n}\nint x = 1;\nvoid G() {}\n"), [(1, 5), (7, 1)])

    def test_member_initialisers_with_braces_are_not_the_body(self):
        self.assertEqual(self.lengths("A::A(int b)\n    : b_{b}, c_{1} {\n  d();\n}\n"), [(1, 4)])

    def test_tables_and_types_are_not_functions(self):
        self.assertEqual(self.lengths("constexpr Row kRows[] = {\n {1, f(2)},\n};\nstruct S { int a = f(1); };\nenum class E { kA };\n"), [])

    def test_a_function_that_returns_a_struct_is_a_function(self):
        self.assertEqual(self.lengths("struct tm Make(int a) {\n  return {};\n}\n"), [(1, 3)])

    def test_long_functions_and_files_are_refused(self):
        body = "void F() {\n" + "  g();\n" * 79 + "}\n"
        self.assertEqual(run("check_size.py", {"cards/a.cc": body})[1], "cards/a.cc:1: a function of 81 lines; the limit is 80\n")
        self.assertEqual(run("check_size.py", {"cards/a.cc": "int x;\n" * 501})[0], 1)
        self.assertEqual(run("check_size.py", {"cards/a.inc": "int x;\n" * 501, "cards/b.cc": "int x;\n" * 500})[0], 0)
        self.assertEqual(run("check_size.py", {"cards/a.cc": "// Generated by make_table\n" + "int x;\n" * 501})[0], 0)


class Words(unittest.TestCase):
    def test_machine_paths_hosts_and_the_evidence_folder_are_refused(self):
        shared = ".." + "/shared"
        for path, text in (("a.md", "see /wo" "rk/main"), ("a.sh", "cd /ro" "ot/x"), ("a.md", "FROM gcr" ".io/x"),
                           ("server/a.cc", f'open("{shared}/x")')):
            self.assertEqual(run("check_words.py", {path: text})[0], 1, text)
        self.assertEqual(run("check_words.py", {"tests/a.cc": shared, "a.md": "docs/work/plan, network/root and /rooted"})[0], 0)


class CodeOnly(unittest.TestCase):
    def test_lines_and_columns_stay(self):
        text = 'a /* x\ny */ b; // c\nchar d = \'\\\'\'; auto e = "\\"//"; f\n'
        blanked = code_only(text)
        self.assertEqual(len(blanked), len(text))
        self.assertEqual([line.rfind(word) for line, word in zip(blanked.splitlines(), ("a", "b", "f"))],
                         [line.rfind(word) for line, word in zip(text.splitlines(), ("a", "b", "f"))])
        self.assertNotIn("c", blanked.splitlines()[1])


if __name__ == "__main__":
    unittest.main()
