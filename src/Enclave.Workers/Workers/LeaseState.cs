namespace Enclave.Workers;

// The states of a lease, and of the run that holds it:
//
//              TryStart            TryLeave            Leave                 TryWake           BeginContinuing
//   (made) ------------> Running ------------> Leaving -------> Parked ----------------> Awake ----------------> Continuing
//                         ^   ^                   |                ^                                                 |   |
//     enough frames later |   |                   | Stay           |           the chosen worker has died            |   |
//                       Staying <-----------------+                +-------------------------------------------------+   |
//                             +-------------------------------------- TryContinue --------------------------------------+
//
// A run that gets its answer while it is parked, awake or continuing, or that leaves when it has its answer, is Ended. On its worker its answer changes
// nothing: the worker ends the job. A run that is suspended has no lease: its answer is SUSPENDED, and its journal has the rest (docs/durable-runs.md).

/// <summary>The state of a lease.</summary>
internal enum LeaseState
{
    /// <summary>On its worker, or about to start there.</summary>
    Running,

    /// <summary>On its worker, which could not let it leave, and is asked again when more frames have been sent.</summary>
    Staying,

    /// <summary>On its worker, which was asked to let it leave. Frames wait in the host for the worker's answer.</summary>
    Leaving,

    /// <summary>On no worker: the host has its state, and it waits for an answer or a timer.</summary>
    Parked,

    /// <summary>Parked, but with work to do: it waits for a worker.</summary>
    Awake,

    /// <summary>Parked: a worker is chosen for it.</summary>
    Continuing,

    /// <summary>It was parked, and has its answer.</summary>
    Ended,
}
