using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;
using Sam.Bench.Kind;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Hosting;
using Sam.Runtime.Informers;
using Sam.Runtime.Steps;
using Sam.Runtime.Transport;

namespace Sam.Bench.Subjects;

/// <summary>Sam.Runtime as an operator uses it.</summary>
internal sealed class RuntimeSubject : ISubject
{
    private readonly IHost _host;

    public RuntimeSubject(Kubernetes client, string home, RunCount runs)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.AddSingleton(Metrics.NewCustomRegistry());
        builder.Services.AddSingleton(runs);
        builder.Services.AddSingleton<IKubernetesTransport>(provider => new HttpTransport(
            client,
            provider.GetRequiredService<RestClientMetrics>(),
            TimeProvider.System
        ));
        builder.Services.AddSingleton<IConditionSet<Widget>, WidgetConditions>();
        builder.Services.AddSingleton<IStepContextFactory<Widget, Widget>, WidgetObservation>();
        // An event per object would be a second write; the floor has none.
        builder.Services.AddSingleton<IEventRecorder, NoEvents>();
        builder
            .Services.AddKubernetesRuntime(options =>
            {
                options.Name = "bench";
                options.Namespaces = [home];
            })
            .AddController<WidgetController, Widget>();
        _host = builder.Build();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _host.StartAsync(cancellationToken);
        foreach (var informer in _host.Services.GetServices<IInformer>())
            await informer.WaitForSyncAsync(cancellationToken);
    }

    public bool Resync()
    {
        var requeue = _host.Services.GetRequiredService<IRequeue<Widget>>();
        foreach (var widget in _host.Services.GetRequiredService<IResourceStore<Widget>>().List())
            requeue.Enqueue(widget.Metadata.NamespaceProperty, widget.Metadata.Name);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
