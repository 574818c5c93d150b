// A process for a test that changes its own memory or rights, or that must end. It has a deadline, and the test goes on whatever becomes of it.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "kernel.h"

namespace child {

using Body = std::function<void()>;

// True if the process reaches the end of the body.
testing::AssertionResult Passes(const Body& body);
// True if it ends with this code, and its log has this text.
testing::AssertionResult Exits(int code, const Body& body, const std::string& log = "");
// True if this signal ends it, and its log has this text.
testing::AssertionResult Dies(int signal, const Body& body, const std::string& log = "");

// For the body: names the condition and ends the process. It writes to no memory.
[[noreturn]] void Fail(const char* condition, const char* file, int line);

}  // namespace child

#define MUST(condition) ((condition) ? static_cast<void>(0) : child::Fail(#condition, __FILE__, __LINE__))
