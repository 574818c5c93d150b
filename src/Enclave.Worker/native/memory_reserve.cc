#include "memory_reserve.h"

#include <sys/mman.h>

#include "check.h"
#include "checkpoint_state.h"
#include "kernel.h"

using checkpoint::state;

namespace {

// The memory that V8 needs to end a run at the memory limit of the process.
constexpr size_t kSlack = 4 << 20;

size_t Bytes() { return state->page_count * kPage + kSlack; }

}  // namespace

bool memory_reserve::Map() {
  DCHECK(state->reserve == 0);
  long reserve = kernel::Map(Bytes());
  if (kernel::Failed(reserve)) return false;
  state->reserve = uintptr_t(reserve);
  return true;
}

void memory_reserve::Release() {
  if (!checkpoint::IsArmed() || state->reserve_is_given) return;
  state->reserve_is_given = !kernel::Failed(kernel::Protect(state->reserve, Bytes(), PROT_NONE));
}

bool memory_reserve::TakeBack() {
  if (state == nullptr || !state->reserve_is_given) return true;
  state->reserve_is_given = kernel::Failed(kernel::Protect(state->reserve, Bytes(), PROT_READ | PROT_WRITE));
  return !state->reserve_is_given;
}
