using k8s;
using k8s.Models;
using Sam.Runtime.Abstractions;

namespace Sam.Bench.Subjects;

/// <summary>Events are left out.</summary>
internal sealed class NoEvents : IEventRecorder
{
    public void Record(IKubernetesObject<V1ObjectMeta> regarding, string reason, string message, bool isWarning = false) { }
}
