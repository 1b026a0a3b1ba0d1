#!/usr/bin/env python3
"""The test runner counts right: passed, failed, skipped, crashed, hung and missing programs."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent

GTEST = r"""
#include <gtest/gtest.h>
#include <cstdlib>
TEST(Small, Passes) {}
TEST(Small, Skips) { GTEST_SKIP() << "no data here"; }
TEST(Small, Fails) { if (getenv("WANT_FAIL")) FAIL() << "wanted"; }
TEST(Small, DISABLED_Later) {}
TEST(Small, Crashes) { if (getenv("WANT_CRASH")) abort(); }
"""


def run(tests, properties="", arguments=(), gtest=False):
    """(exit code, lines) of the runner over a project whose tests are {name: shell command}."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder)
        lines = ["cmake_minimum_required(VERSION 3.25)", f"project(p LANGUAGES {'CXX' if gtest else 'NONE'})",
                 "enable_testing()"]
        if gtest:
            (source / "small.cc").write_text(GTEST, encoding="utf-8")
            lines += ["find_package(GTest REQUIRED)", "add_executable(small small.cc)",
                      "target_link_libraries(small GTest::gtest_main)", "add_test(NAME small COMMAND small)"]
        lines += [f"add_test(NAME {name} COMMAND /bin/sh -c [=[{command}]=])" for name, command in tests.items()]
        (source / "CMakeLists.txt").write_text("\n".join([*lines, properties, ""]), encoding="utf-8")
        build = str(source / "b")
        subprocess.run(["cmake", "-G", "Ninja", "-S", folder, "-B", build], check=True, capture_output=True)
        subprocess.run(["cmake", "--build", build], check=True, capture_output=True)
        done = subprocess.run([sys.executable, str(HERE / "run_tests.py"), "--build", build, *arguments],
                              capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines()


class Scripts(unittest.TestCase):
    def test_each_counts_one_by_exit_code(self):
        code, lines = run({"good": "exit 0", "bad": "echo because; exit 3", "skip": "echo 'SKIP: no tool'; exit 77"})
        self.assertEqual((code, lines[-1]), (1, "1 passed, 1 failed, 1 skipped"))
        self.assertIn("skipped: no tool: skip", lines)
        self.assertIn("failed: bad: exit code 3", lines)
        self.assertIn("     | because", lines)

    def test_all_passed_is_exit_0_and_nothing_passed_is_exit_1(self):
        self.assertEqual(run({"good": "exit 0"})[0], 0)
        code, lines = run({"skip": "exit 77"})
        self.assertEqual((code, lines[-1]), (1, "0 passed, 0 failed, 1 skipped"))

    def test_one_that_hangs_is_ended_with_what_it_started(self):
        code, lines = run({"slow": "sleep 600 & sleep 600"}, "set_tests_properties(slow PROPERTIES TIMEOUT 1)")
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed, 0 skipped"))
        self.assertIn("failed: slow: over the limit of 1 s", lines)

    def test_filter_and_labels_choose(self):
        tests, labels = {"a": "exit 0", "b": "exit 0", "c": "exit 1"}, "set_tests_properties(a PROPERTIES LABELS source)"
        for arguments, last in ((["--filter", "^[ab]$"], "2 passed"), (["--label", "source"], "1 passed"),
                                (["--exclude-label", "source", "--filter", "^[ab]$"], "1 passed")):
            self.assertTrue(run(tests, labels, arguments)[1][-1].startswith(last), arguments)

    def test_a_program_that_was_not_built_fails(self):
        code, lines = run({}, "add_test(NAME gone COMMAND /nowhere/gone)")
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed, 0 skipped"))


class Gtest(unittest.TestCase):
    def test_every_case_counts(self):
        failing = "add_test(NAME failing COMMAND small)\nset_tests_properties(failing PROPERTIES ENVIRONMENT WANT_FAIL=1)\n"
        crashing = "add_test(NAME crashing COMMAND small)\nset_tests_properties(crashing PROPERTIES ENVIRONMENT WANT_CRASH=1)\n"
        code, lines = run({}, failing + crashing, ["--jobs", "1"], gtest=True)
        # small: 3 and 2 skipped; failing: 2, 1 failed, 2 skipped; crashing: 2, then the crash.
        self.assertEqual((code, lines[-1]), (1, "7 passed, 2 failed, 4 skipped"))
        self.assertIn("failed: failing: Small.Fails", lines)
        self.assertIn("failed: crashing: exit code -6 in Small.Crashes", lines)
        self.assertTrue(any(line.startswith("skipped: no data here: small: Small.Skips") for line in lines), lines)
        self.assertTrue(any(line.startswith("skipped: disabled in the source") for line in lines), lines)


if __name__ == "__main__":
    unittest.main()
