using System.Threading.Channels;
using k8s;
using k8s.Models;
using Sam.Bench.Kind;

namespace Sam.Bench.Subjects;

/// <summary>
/// The least that does the job on the official client: list in pages, watch, one small status patch where value and status differ. No cache, no
/// queue by key, no conditions, no retry: the floor that a runtime is measured against, not a way to write an operator.
/// </summary>
internal sealed class FloorLoop(Kubernetes client, string home, RunCount runs) : ISubject
{
    private const int Workers = 16;
    private const int PageSize = 500;

    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<Widget> _work = Channel.CreateUnbounded<Widget>();
    private Task _running = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync, CancellationToken.None)).ToList();
        var version = await ListAsync(cancellationToken);
        _running = Task.WhenAll([.. workers, Task.Run(() => WatchAsync(version), CancellationToken.None)]);
    }

    public bool Resync() => false;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await _running;
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or IOException)
        {
            Console.Error.WriteLine($"ended: {fault.GetType().Name}");
        }

        _ending.Dispose();
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        string? next = null;
        while (true)
        {
            using var page = await client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<WidgetList>(
                WidgetDefinition.Group,
                WidgetDefinition.Version,
                home,
                WidgetDefinition.Plural,
                limit: PageSize,
                continueParameter: next,
                cancellationToken: cancellationToken
            );
            foreach (var widget in page.Body.Items)
                await _work.Writer.WriteAsync(widget, cancellationToken);
            next = page.Body.Metadata.ContinueProperty;
            if (string.IsNullOrEmpty(next))
                return page.Body.Metadata.ResourceVersion;
        }
    }

    private async Task WatchAsync(string version)
    {
        var watch = client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<WidgetList>(
            WidgetDefinition.Group,
            WidgetDefinition.Version,
            home,
            WidgetDefinition.Plural,
            resourceVersion: version,
            watch: true,
            cancellationToken: _ending.Token
        );
#pragma warning disable CS0618 // its successor reads untyped objects, which would have to be read a second time
        await foreach (var (type, widget) in watch.WatchAsync<Widget, WidgetList>(cancellationToken: _ending.Token))
#pragma warning restore CS0618
        {
            if (type is WatchEventType.Added or WatchEventType.Modified)
                await _work.Writer.WriteAsync(widget, _ending.Token);
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var widget in _work.Reader.ReadAllAsync(_ending.Token))
        {
            runs.Add();
            if (widget.IsConverged)
                continue;
            var patch = new V1Patch($$$"""{"status":{"value":{{{widget.Spec.Value}}}}}""", V1Patch.PatchType.MergePatch);
            using var answer = await client.CustomObjects.PatchNamespacedCustomObjectStatusWithHttpMessagesAsync<Widget>(
                patch,
                WidgetDefinition.Group,
                WidgetDefinition.Version,
                home,
                WidgetDefinition.Plural,
                widget.Metadata.Name,
                cancellationToken: _ending.Token
            );
        }
    }
}
