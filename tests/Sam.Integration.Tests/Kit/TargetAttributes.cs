using System.Reflection;
using Sam.Testing.Clusters;
using Xunit.v3;

namespace Sam.Integration.Tests.Kit;

/// <summary>Leaves a test out where the cluster to test against cannot do what it needs.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public abstract class TargetAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc/>
    public sealed override void Before(MethodInfo methodUnderTest, IXunitTest test) =>
        Assert.SkipUnless(Fits(TestTarget.Traits), Why);

    protected abstract string Why { get; }

    protected abstract bool Fits(ClusterTraits traits);
}

/// <summary>Needs what kube-controller-manager does: ended namespaces go, and dependants follow their owners.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsGarbageCollectorAttribute : TargetAttribute
{
    /// <inheritdoc/>
    protected override string Why => "there is no kube-controller-manager in the folder of KUBEBUILDER_ASSETS";

    /// <inheritdoc/>
    protected override bool Fits(ClusterTraits traits) => traits.HasControllers;
}

/// <summary>Is about the dev cluster itself.</summary>
/// <param name="reason">Why no other can be tested so.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DevClusterOnlyAttribute(string reason) : TargetAttribute
{
    /// <inheritdoc/>
    protected override string Why => reason;

    /// <inheritdoc/>
    protected override bool Fits(ClusterTraits traits) => traits.IsDevCluster;
}
