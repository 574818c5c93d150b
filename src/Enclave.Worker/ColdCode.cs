using System.Reflection;
using System.Runtime.CompilerServices;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker;

/// <summary>
/// Makes every method of the worker ready to be called. Under a lock after which no code can be written (STRICT) a method that runs for the first time ends the
/// process: the warm-up's jobs run what is behind these, the framework and generic code, and this the rare ways through our own.
/// </summary>
internal static class ColdCode
{
    private const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>What a worker uses of the protocol. Values are the host's, and need assemblies that a jail does not hold.</summary>
    private static readonly Type[] s_protocol =
    [
        typeof(Frame), typeof(FrameBuffer), typeof(FrameHeader), typeof(FrameReader), typeof(MessagePackReader), typeof(MessagePackWriter), typeof(ProtocolException),
        typeof(HelloMessage), typeof(WorkerLock), typeof(ReadyMessage), typeof(ExecuteMessage), typeof(CodeKey), typeof(RunOrigin), typeof(RunLimits), typeof(ConsoleMessage), typeof(ToolCallMessage),
        typeof(ToolResultMessage), typeof(ResultMessage), typeof(RunUsage), typeof(CancelMessage), typeof(DeadlineMessage), typeof(PingMessage), typeof(PongMessage), typeof(ShutdownMessage),
    ];

    public static void Prepare()
    {
        foreach (Type type in typeof(ColdCode).Assembly.GetTypes().Concat(s_protocol))
        {
            if (type.ContainsGenericParameters) continue;
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            foreach (MethodBase method in type.GetMethods(Own).Concat<MethodBase>(type.GetConstructors(Own)))
            {
                if (!method.IsAbstract && !method.ContainsGenericParameters && (method.Attributes & MethodAttributes.PinvokeImpl) == 0) RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }
}
