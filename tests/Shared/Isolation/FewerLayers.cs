using Enclave.Isolation;

namespace Enclave.Tests;

/// <summary>Plans with fewer layers, which show that the others are enough. No option leads to one.</summary>
internal static class FewerLayers
{
    /// <summary>The same plan without these layers.</summary>
    /// <remarks>
    /// Bubblewrap provides root and namespaces together. Without namespaces only Landlock protects the files; without the file system layer there are no
    /// namespaces either.
    /// </remarks>
    public static IsolationPlan Without(this IsolationPlan plan, params IsolationLayer[] layers)
    {
        JailForm form = plan.Form;
        if (form == JailForm.Bubblewrap && layers.Contains(IsolationLayer.Namespaces))
            form = plan.Machine.LandlockAbi > 0 ? JailForm.Landlock : JailForm.None;
        if (layers.Contains(IsolationLayer.FileSystem)) form = JailForm.None;
        bool IsOff(IsolationLayer layer) => layers.Contains(layer) || layer switch
        {
            IsolationLayer.FileSystem => form != plan.Form && form == JailForm.None,
            IsolationLayer.Namespaces => form != plan.Form,
            _ => false,
        };
        return plan with
        {
            Form = form,
            Layers = [.. plan.Layers.Select((one) => IsOff(one.Layer)
                ? one with { Requirement = LayerRequirement.Off }
                : one.Layer == IsolationLayer.ProtectedFiles ? one
                : IsolationPlan.PlanLayer(plan.Level, one.Layer, plan.Machine, form) with { Requirement = one.Requirement })],
        };
    }
}
