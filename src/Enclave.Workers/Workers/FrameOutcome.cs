namespace Enclave.Workers;

/// <summary>The effect of a frame on its job.</summary>
internal enum FrameOutcome
{
    /// <summary>The next frame may come.</summary>
    Handled,

    /// <summary>The next frame may come. The job no longer computes: it waits for a tool.</summary>
    Waits,

    /// <summary>The frame's bytes are still needed, and no other frame may come before <see cref="IWorkerJob.OnResumed"/>. The job waits.</summary>
    HeldBack,

    /// <summary>The worker sends more frames in a second than it may.</summary>
    Flood,
}
