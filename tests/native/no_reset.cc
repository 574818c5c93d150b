// In place of the checkpoint in builds that cannot have one: nothing is restored but the isolate, which gets a new context after each run.
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

#include "checkpoint.h"
#include "code_cache.h"
#include "isolate.h"
#include "isolates.h"
#include "job.h"
#include "kernel.h"
#include "memory_reserve.h"
#include "parking.h"
#include "protocol.g.h"
#include "restore.h"
#include "written_pages.h"

void Restore(Isolate* isolate) {
  v8::Isolate::Scope entered(isolate->isolate);
  isolate->Renew();
  NewContext(isolate);
  if (code_cache::HasNoted()) job::KeepCode(isolate);
}

void* TryAllocate(size_t length) { return calloc(length, 1); }

bool checkpoint::OpenMaps() { return true; }
bool checkpoint::MoveMaps() { return syscall(SYS_close_range, 5, kControl - 1, 0) == 0 && syscall(SYS_close_range, kControl + 1, ~0U, 0) == 0; }
size_t checkpoint::BookBytes() { return 0; }
void checkpoint::Prepare(Form) {}
bool checkpoint::Take(uintptr_t) { return true; }
bool checkpoint::IsSealed() { return false; }
bool checkpoint::CanReset() { return true; }
void checkpoint::Reset() {}
bool checkpoint::IsUnchanged() { return true; }
void checkpoint::NoteLastWritten(uintptr_t) {}
void checkpoint::GiveBackUnused() {}

bool memory_reserve::Map() { return true; }
void memory_reserve::Release() {}
bool memory_reserve::TakeBack() { return true; }

size_t parking::Save(uint8_t*, size_t) { return 0; }
void parking::Load(Slice) { kernel::Exit(EE_EXIT_FATAL); }

bool written_pages::Install() { return true; }
void written_pages::Spare() {}
void written_pages::OwnHot() {}
void written_pages::Protect() {}
void written_pages::EndLearning() {}
void written_pages::GiveBackEmpty() {}
void written_pages::Unprotect() {}
bool written_pages::EachWritten(Visit, void*) { return true; }
void written_pages::Restore() {}
