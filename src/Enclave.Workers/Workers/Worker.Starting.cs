using Enclave.Isolation;
using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <content>From its first message to its first job.</content>
internal sealed partial class Worker
{
    /// <summary>True if it starts with a low priority.</summary>
    public bool StartsAside => !WasReady && _process.Confinement?.Pace == StartPace.Aside;

    /// <summary>Raises its priority: a job waits for it by now.</summary>
    public void HastenStart() => _process.Confinement?.Hasten();

    private bool _hasReported;

    private void BecomeReady(ReadyMessage ready)
    {
        _hasReported = true;
        if (!ready.Nonce.Span.SequenceEqual(_nonce)) throw ProtocolException.At(0, "the nonce of the hello was not repeated");
        // Inspect the worker before it gets data of any tenant.
        if (!Inspect(ready.Capabilities)) return;
        (_baseline, _files) = _process.ReadResident();
        // The memory of such a worker could not be watched later either. Files that were read once stay open.
        if (_baseline <= 0 && _process.Confinement is not null)
        {
            Kill(RecycleReason.StartFailed, ErrorCode.WorkerCrashed, "the host cannot read how much memory it has");
            return;
        }

        _otherBaseline = _process.OtherBytes;
        // Learn now how the worker waits, because a script may change that later. A host that cannot compare now tries again, and the worker gets no job
        // meanwhile.
        if (_isCompared) ComparisonThreads.Add(this);
        else TakeJobs();
    }

    private LayerReport WithComparison(LayerReport layer)
    {
        if (layer.Layer != IsolationLayer.OwnProcess || _settings.Comparison == ResetComparison.Off) return layer;
        string how = !_isCompared ? $"not compared from outside: {_incomparable ?? "this host may not read its workers' memory"}"
            : _settings.Comparison == ResetComparison.EveryRun ? "compared from outside after every run" : "compared from outside after one run in 64";
        return layer with { Detail = $"{layer.Detail}; {how}" };
    }

    /// <summary>Checks from outside that the worker is locked as it reports, and as its level wants.</summary>
    private bool Inspect(IReadOnlyList<string> claims)
    {
        WorkerFinding finding = _process.Inspect(claims);
        // The end of the worker is reported with its own message.
        if (finding.CameTooLate) return false;
        if (finding.Fault is { } fault)
        {
            Kill(RecycleReason.StartFailed, ErrorCode.WorkerCrashed, fault);
            return false;
        }

        IsolationTag = finding.Tag;
        _isCompared = _settings.Comparison != ResetComparison.Off && _process.IsComparable(out _incomparable);
        if (!_isCompared && _incomparable is { } obstacle && _settings.Comparison == ResetComparison.EveryRun)
        {
            Kill(RecycleReason.StartFailed, ErrorCode.IsolationUnavailable, $"its memory cannot be compared after each run: {obstacle}");
            return false;
        }

        if (finding.Layers is not { } layers) return true;
        Layers = [.. layers.Select(WithComparison)];
        if (finding.Mismatch is { } mismatch)
        {
            Report(SecurityEventKind.IsolationMismatch, mismatch);
            Kill(RecycleReason.Violation, ErrorCode.IsolationUnavailable, mismatch);
            return false;
        }

        if (finding.Unseen is { } unseen)
        {
            Kill(RecycleReason.StartFailed, ErrorCode.IsolationUnavailable, unseen);
            return false;
        }

        if (layers.FirstOrDefault(
            (layer) => layer is { Requirement: LayerRequirement.Mandatory, Status: LayerStatus.Failed, Accepted: false }) is not { } failed) return true;
        Kill(RecycleReason.StartFailed, ErrorCode.IsolationUnavailable, $"{failed.Layer} could not be put on: {failed.Detail}");
        return false;
    }
}
