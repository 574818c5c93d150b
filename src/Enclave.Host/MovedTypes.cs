using System.Runtime.CompilerServices;
using Enclave;

// Programs that were compiled when these types lay in this assembly find them here.
[assembly: TypeForwardedTo(typeof(ErrorCode))]
[assembly: TypeForwardedTo(typeof(ErrorCodeJsonConverter))]
[assembly: TypeForwardedTo(typeof(ErrorCodes))]
[assembly: TypeForwardedTo(typeof(IsolationLayer))]
[assembly: TypeForwardedTo(typeof(IsolationReport))]
[assembly: TypeForwardedTo(typeof(LayerReport))]
[assembly: TypeForwardedTo(typeof(LayerRequirement))]
[assembly: TypeForwardedTo(typeof(LayerStatus))]
[assembly: TypeForwardedTo(typeof(OpenApiException))]
[assembly: TypeForwardedTo(typeof(RecycleReason))]
[assembly: TypeForwardedTo(typeof(ResetComparison))]
[assembly: TypeForwardedTo(typeof(ScriptEngine))]
[assembly: TypeForwardedTo(typeof(SecurityEvent))]
[assembly: TypeForwardedTo(typeof(SecurityEventKind))]
[assembly: TypeForwardedTo(typeof(SecurityLevel))]
[assembly: TypeForwardedTo(typeof(WorkerIsolation))]
