# One function per kind of target; every folder's CMakeLists.txt uses these and nothing else.

set(OSTEON_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
set(OSTEON_SANITIZE_FLAGS "")
if(OSTEON_SANITIZE)
  set(OSTEON_SANITIZE_FLAGS -fsanitize=${OSTEON_SANITIZE} -fno-omit-frame-pointer)
  if(OSTEON_SANITIZE MATCHES undefined)
    list(APPEND OSTEON_SANITIZE_FLAGS -fno-sanitize-recover=undefined)
  endif()
  # Generated protobuf code is compiled with them too: all of one program agrees.
  add_compile_options(${OSTEON_SANITIZE_FLAGS})
  add_link_options(${OSTEON_SANITIZE_FLAGS})
endif()

if(OSTEON_FUZZ)
  # Everything is instrumented; only the programs in tests/fuzz link libFuzzer's main.
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

# osteon_library(NAME SOURCES a.cc ... LINK public_dep ... PRIVATE private_dep ...)
function(osteon_library name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${A_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${OSTEON_WARNINGS})
  target_link_libraries(${name} PUBLIC ${A_LINK} PRIVATE ${A_PRIVATE})
endfunction()

# osteon_executable(NAME SOURCES main.cc ... LINK dep ...)
function(osteon_executable name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${OSTEON_WARNINGS})
  target_link_libraries(${name} PRIVATE ${A_LINK})
endfunction()

# osteon_test(NAME SOURCES a_test.cc ... LINK dep ...): one gtest program, registered with ctest.
function(osteon_test name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
  find_package(GTest REQUIRED)
  osteon_executable(${name} SOURCES ${A_SOURCES} LINK ${A_LINK} GTest::gmock GTest::gtest_main)
  # gtest's macros and test bodies trip -Wconversion on literals where it proves nothing.
  target_compile_options(${name} PRIVATE -Wno-conversion -Wno-sign-conversion)
  target_compile_definitions(${name} PRIVATE OSTEON_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                             OSTEON_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
