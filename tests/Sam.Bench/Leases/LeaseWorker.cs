using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sam.Bench.Kind;
using Sam.Bench.Subjects;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Hosting;
using Sam.Runtime.Informers;
using Sam.Runtime.Leases;
using Sam.Runtime.Steps;

namespace Sam.Bench.Leases;

/// <summary>One of two processes: the runtime with a Lease and a controller that counts up, each write with the transition under which it leads.</summary>
internal static class LeaseWorker
{
    /// <summary>Says on standard output that everything is known and this process waits or leads.</summary>
    public const string Standing = "standing by";

    public static async Task<int> RunAsync(string kubeconfig, string home, string identity, CancellationToken cancellationToken)
    {
        var lease = LeaseTerms.Options(home, identity);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Critical).AddSimpleConsole();
        builder.Services.AddSingleton(lease);
        builder.Services.AddSingleton<LeaseEpoch>();
        builder.Services.AddSingleton<IConditionSet<Widget>, WidgetConditions>();
        builder.Services.AddSingleton<IStepContextFactory<Widget, Widget>, WidgetObservation>();
        builder.Services.AddSingleton<IEventRecorder, NoEvents>();
        builder
            .Services.AddKubernetesRuntime(options =>
            {
                options.Name = "lease-trial";
                options.Configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
                options.Namespaces = [home];
                options.Lease = lease;
            })
            .AddController<CountingController, Widget>();
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        foreach (var informer in host.Services.GetServices<IInformer>())
            await informer.WaitForSyncAsync(cancellationToken);
        await Console.Out.WriteLineAsync(Standing);
        await host.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}

/// <summary>The terms of the trial's lease: short, so that a hundred take-overs take minutes.</summary>
internal static class LeaseTerms
{
    public const string Name = "trial";

    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    public static LeaseOptions Options(string home, string identity) =>
        new()
        {
            Namespace = home,
            Name = Name,
            Identity = identity,
            Duration = Duration,
            RenewDeadline = TimeSpan.FromSeconds(2),
            RetryPeriod = TimeSpan.FromSeconds(0.5),
        };
}

/// <summary>The transition under which this process leads, read once.</summary>
internal sealed class LeaseEpoch(IResourceClient<V1Lease> leases, LeaseOptions options)
{
    private long? _epoch;

    public string Writer => options.Identity;

    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        if (_epoch is { } known)
            return known;
        var lease = await leases.GetAsync(options.Namespace, options.Name, cancellationToken);
        if (lease?.Spec.HolderIdentity != options.Identity)
            throw new LeadershipLostException();
        _epoch = lease.Spec.LeaseTransitions ?? 0;
        return _epoch.Value;
    }
}

/// <summary>The one step: counts up under the present epoch, some twenty times a second, for ever.</summary>
internal sealed class CountUp(LeaseEpoch epoch) : IStep<Widget>
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private long? _wroteAt;

    public ConditionType Condition => ShownCondition.Type;

    public async Task<StepResult> RunAsync(Widget context, CancellationToken cancellationToken)
    {
        // The watch tells of our own write: without a pause that alone would keep the machine busy.
        if (_wroteAt is { } at && TimeProvider.System.GetElapsedTime(at) < s_pause)
            return StepResult.Continue(ShownCondition.Shown, "shown", s_pause);
        _wroteAt = TimeProvider.System.GetTimestamp();
        context.Status.Epoch = await epoch.ReadAsync(cancellationToken);
        context.Status.Writer = epoch.Writer;
        context.Status.Value = (context.Status.Value ?? 0) + 1;
        return StepResult.Continue(ShownCondition.Shown, "shown", s_pause);
    }
}

/// <summary>The controller of the trial.</summary>
internal sealed class CountingController(StepRunner<Widget, Widget> runner, LeaseEpoch epoch) : IEntityController<Widget>
{
    private readonly IStep<Widget>[] _steps = [new CountUp(epoch)];

    public Task<ReconciliationResult<Widget>> ReconcileAsync(Widget entity, CancellationToken cancellationToken) =>
        runner.RunAsync(entity, _steps, cancellationToken);
}
