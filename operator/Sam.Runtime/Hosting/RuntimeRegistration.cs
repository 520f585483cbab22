using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Prometheus;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Events;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Queues;
using Sam.Runtime.Resources;
using Sam.Runtime.Steps;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Hosting;

/// <summary>The door of the runtime.</summary>
public static class RuntimeRegistration
{
    /// <summary>
    /// Adds the runtime. A <see cref="TimeProvider"/>, an <see cref="IKubernetesTransport"/>, an <see cref="IProcessExit"/> or a <see cref="CollectorRegistry"/> that is
    /// registered before takes the place of the real one.
    /// </summary>
    public static IRuntimeBuilder AddKubernetesRuntime(this IServiceCollection services, Action<RuntimeOptions>? configure = null)
    {
        var options = new RuntimeOptions();
        configure?.Invoke(options);
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => MakeRegistry());
        services.TryAddSingleton(_ => options.Seed is { } seed ? new Random(seed) : new Random());
        services.AddSingleton<RestClientMetrics>();
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton<ControllerMetrics>();
        services.AddSingleton<EventMetrics>();
        services.AddSingleton<InformerMetrics>();
        services.TryAddSingleton<IKubernetesTransport>(Connect);
        services.TryAddSingleton<IProcessExit, ProcessExit>();
        services.AddSingleton(Leadership);
        services.AddSingleton(typeof(IResourceClient<>), typeof(KubernetesResourceClient<>));
        services.AddSingleton(typeof(StepRunner<,>));
        services.AddSingleton<IStores, Stores>();
        services.AddSingleton(Recorder);
        services.TryAddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddHostedService<RuntimeHost>();
        return new RuntimeBuilder(services);
    }

    // Not the default registry: that brings every EventCounter and Meter of .NET along, under names that no convention allows, and at a cost.
    private static CollectorRegistry MakeRegistry()
    {
        var registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        return registry;
    }

    private static HttpTransport Connect(IServiceProvider provider) =>
        HttpTransport.Connect(
            provider.GetRequiredService<RuntimeOptions>().Configuration ?? KubernetesClientConfiguration.BuildDefaultConfig(),
            provider.GetRequiredService<RestClientMetrics>(),
            provider.GetRequiredService<TimeProvider>()
        );

    private static ILeadership Leadership(IServiceProvider provider)
    {
        if (provider.GetRequiredService<RuntimeOptions>().Lease is not { } lease)
            return new AlwaysLeader();
        // The elector writes before it leads, so its client asks nobody.
        var client = new KubernetesResourceClient<V1Lease>(
            provider.GetRequiredService<IKubernetesTransport>(),
            new AlwaysLeader(),
            []
        );
        var elector = new LeaderElector(
            lease,
            client,
            provider.GetRequiredService<IProcessExit>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LeaderElector>>()
        );
        LeaseMetrics.Show(provider.GetRequiredService<CollectorRegistry>(), lease.Name, elector);
        return elector;
    }

    private static EventRecorder Recorder(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<RuntimeOptions>();
        return new EventRecorder(
            options.Name,
            options.Lease?.Identity ?? options.Name,
            provider.GetRequiredService<IResourceClient<Eventsv1Event>>(),
            provider.GetRequiredService<EventMetrics>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EventRecorder>>()
        );
    }
}
