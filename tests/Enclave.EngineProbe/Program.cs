using System.Text;
using System.Text.Json;
using Enclave.EngineProbe;
using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;

// Runs inside the engine's process, where V8 is, and serves the engine's seam to tests outside: a line of JSON in on descriptor 3, one out on 4.
using var input = new StreamReader(new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(3, false), FileAccess.Read));
using var output = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(4, false), FileAccess.Write, 1);
var events = new ProbeEvents();
V8Engine engine = V8Engine.Start(new HelloMessage(new byte[MessageLimits.NonceBytes], 1 << 20, 64 << 20, 2, ["WebAssembly", "SharedArrayBuffer"]), events);
var isolates = new Dictionary<int, IScriptIsolate>();
while (input.ReadLine() is { } line)
{
    ProbeRequest request = JsonSerializer.Deserialize<ProbeRequest>(line)!;
    events.ConsoleAnswer = (StopReason)request.ConsoleAnswer;
    JsonSerializer.Serialize(output, Handle(request));
    output.WriteByte((byte)'\n');
    output.Flush();
}

ProbeReply Handle(ProbeRequest request)
{
    switch (request.Op)
    {
        case "version": return Plain(0, engine.Version);
        case "ready": return Plain(engine.Ready, "");
        case "take":
            isolates.Add(isolates.Count + 1, engine.Take(request.MemoryLimit));
            return Plain(isolates.Count, "");
        case "drop":
            isolates[request.Isolate].Dispose();
            return Plain(0, "");
        case "run":
            return Step(isolates[request.Isolate].Run(new ExecuteMessage(1, request.Source!, "script.js"u8.ToArray(), ProbeLimits.Default, request.Payload, Origin(request), new CodeKey(request.Key))));
        case "time":
            isolates[request.Isolate].SetTime(request.Milliseconds);
            return Plain(0, "");
        case "collect":
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return Plain(0, "");
        case "resolve": return Step(isolates[request.Isolate].Resolve(request.CallId, request.Payload));
        case "reject": return Step(isolates[request.Isolate].Reject(request.CallId, request.Payload));
        default: throw new InvalidOperationException(request.Op);
    }
}

RunOrigin Origin(ProbeRequest request) => request.Repeatable ? RunOrigin.Of(request.Seed, request.Milliseconds) : default;

ProbeReply Plain(int number, string text) => new(number, text, 0, 0, [], [], []);

ProbeReply Step(ScriptStep step)
{
    var reply = new ProbeReply(0, "", (int)step.Status, (int)step.Reason, step.Body.ToArray(), [.. events.Calls], [.. events.Console]);
    events.Calls.Clear();
    events.Console.Clear();
    return reply;
}
