using Enclave.Linux;
using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <content>Lets a job leave that waits.</content>
internal sealed partial class Worker
{
    /// <summary>The checkpoint from which a job that leaves this worker can continue; null if jobs cannot leave.</summary>
    public ISharedCheckpoint? Checkpoint => _process.Checkpoint;

    /// <summary>Sends frames of the job that waited in the host, where their memory is counted.</summary>
    public void SendKept(WorkerLease lease, ReadOnlyMemory<byte> frames, IFrameMemory? memory)
    {
        lock (_gate)
        {
            if (_lease == lease) _connection.SendShared(frames, memory);
        }
    }

    /// <summary>Asks it to let the job leave as soon as it waits. False if the job has ended, or is being cancelled.</summary>
    public bool TryPark(WorkerLease lease)
    {
        lock (_gate)
        {
            return _lease == lease && _state == WorkerState.Busy && !_cancelled
                && _connection.TrySend(new ParkMessage(lease.Job.Id).Write, null, out _);
        }
    }

    /// <summary>The job has left this worker, or stays.</summary>
    private void Leave(WorkerLease lease, in ParkedMessage parked)
    {
        if (lease.State != LeaseState.Leaving || parked.JobId != lease.Job.Id)
            throw ProtocolException.At(0, $"job {parked.JobId} has left, which was not asked to, while job {lease.Job.Id} runs");
        if (parked.State.IsEmpty)
        {
            lease.Stay();
            // Another run may leave in its place.
            _owner.OnWaiting();
            return;
        }

        // No other worker gets it: this run ends with this worker.
        if (new ParkedState(_process.Checkpoint?.Mapped).FindFault(parked.State.Span, parked.JobId) is { } fault)
            throw ProtocolException.At(0, $"the state of job {parked.JobId}, which left, {fault}");
        byte[] state = parked.State.ToArray();
        bool isCompared = IsComparisonDue();
        long due = isCompared ? Clock.Microseconds + LookTime : long.MaxValue;
        lock (_gate)
        {
            if (_lease != lease) return;
            _lease = null;
            (_state, _due) = (isCompared ? WorkerState.Compared : WorkerState.Idle, due);
        }

        lease.Leave(state, parked.TimerMicroseconds);
        _owner.OnParked(lease, isCompared);
        if (isCompared)
        {
            _settings.Clock.Arm(due);
            ComparisonThreads.Add(this);
        }

        lease.LookForWork();
    }
}
