#include "restore.h"

#include "check.h"
#include "checkpoint.h"
#include "code_cache.h"
#include "job.h"

void Restore(Isolate* isolate) {
  checkpoint::Reset();
  if (code_cache::HasNoted()) {
    job::KeepCode(isolate);
    checkpoint::Reset();
  }
  DCHECK(checkpoint::IsUnchanged());
}
