using Enclave.Isolation;
using Enclave.Limits;

namespace Enclave.Host.Tests;

/// <summary>The table of layers and levels, as docs/levels.md states it.</summary>
public sealed class IsolationTableTests
{
    /// <summary>STRICT, SECURE, STANDARD, PERMISSIVE: M mandatory, B best effort, - off.</summary>
    private static readonly Dictionary<IsolationLayer, string> s_stated = new()
    {
        [IsolationLayer.OwnProcess] = "MMMM",
        [IsolationLayer.HardenedProcess] = "MMMM",
        [IsolationLayer.ResourceLimits] = "MMMB",
        [IsolationLayer.Seccomp] = "MMMB",
        [IsolationLayer.FileSystem] = "MMB-",
        [IsolationLayer.Namespaces] = "MMB-",
        [IsolationLayer.DroppedUser] = "MMB-",
        [IsolationLayer.Jitless] = "M---",
        [IsolationLayer.NoExecutableMemory] = "B---",
        [IsolationLayer.NoWebAssembly] = "MMMM",
        [IsolationLayer.CoarseClock] = "MM--",
        [IsolationLayer.ControlGroup] = "BBB-",
        [IsolationLayer.OneTenant] = "MM--",
        [IsolationLayer.ProtectedFiles] = "MMMM",
    };

    [Fact]
    public void Every_level_wants_what_is_stated_of_every_layer()
    {
        Assert.Equal(Enum.GetValues<IsolationLayer>(), s_stated.Keys);
        Assert.Equal(Enum.GetValues<IsolationLayer>(), IsolationTable.Layers);
        foreach ((IsolationLayer layer, string stated) in s_stated)
        {
            string wanted = string.Concat(Enum.GetValues<SecurityLevel>().Select((level) => IsolationTable.Requirement(level, layer) switch
            {
                LayerRequirement.Mandatory => 'M',
                LayerRequirement.BestEffort => 'B',
                _ => '-',
            }));
            Assert.Equal($"{layer} {stated}", $"{layer} {wanted}");
        }
    }

    [Fact]
    public void A_stricter_level_never_wants_less()
    {
        foreach (IsolationLayer layer in IsolationTable.Layers)
        {
            LayerRequirement[] fromStrict = [.. Enum.GetValues<SecurityLevel>().Select((level) => IsolationTable.Requirement(level, layer))];
            Assert.Equal(fromStrict.OrderDescending(), fromStrict);
        }
    }
}
