// How a reset knows what to copy back.
#pragma once

namespace checkpoint {

enum class Form {
  kTracked,  // written pages are known by write protection
  kCopied,   // every page is copied each time: slower, and the oracle of the tests
};

}  // namespace checkpoint
