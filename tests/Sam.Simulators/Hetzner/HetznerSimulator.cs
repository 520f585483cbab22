using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Sam.Simulators.Hetzner;

/// <summary>The Hetzner Cloud API on a loopback port, in memory and strict.</summary>
public sealed class HetznerSimulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IServerBackend _backend;

    private HetznerSimulator(WebApplication app, HetznerModel model, IServerBackend backend)
    {
        (_app, Model, _backend) = (app, model, backend);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        ControlEndpoint = new Uri(address);
        Endpoint = new Uri(ControlEndpoint, "v1/");
    }

    /// <summary>What is served.</summary>
    public HetznerModel Model { get; }

    /// <summary>Base address of the API, with a slash at its end.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where `/_sim/...` is served.</summary>
    public Uri ControlEndpoint { get; }

    /// <summary>The faults to play.</summary>
    public HetznerFaults Faults => Model.Faults;

    /// <summary>Starts a simulator.</summary>
    public static async Task<HetznerSimulator> StartAsync(
        HetznerSimulatorOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new HetznerSimulatorOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        var app = builder.Build();
        var model = new HetznerModel(options);
        app.Use(DescribeBareErrorsAsync);
        foreach (var route in model.Routes)
            app.MapMethods(route.Template, [route.Method], route.Serve);
        HetznerControl.Map(app, model.Pipeline, model.Faults);
        await app.StartAsync(cancellationToken);
        return new HetznerSimulator(app, model, options.Backend);
    }

    /// <summary>The servers of a project, time having passed.</summary>
    public IReadOnlyList<SimulatedServer> Servers(string project = "default") => Model.Servers(project);

    /// <summary>Servers ever made in a project.</summary>
    public long ServersCreated(string project = "default") => Model.ServersCreated(project);

    /// <summary>Calls of a project by `METHOD route status`.</summary>
    public IReadOnlyDictionary<string, long> Calls(string project = "default") => Model.Calls(project);

    /// <summary>Makes a token known.</summary>
    public void Know(SimulatedToken token) => Model.Know(token);

    /// <summary>Makes a token unknown.</summary>
    public void Forget(string token) => Model.Forget(token);

    /// <summary>Returns once somebody asked the process to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops serving, then ends what the backend still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_backend is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private static async Task DescribeBareErrorsAsync(HttpContext context, RequestDelegate next)
    {
        Answer? answer = null;
        try
        {
            await next(context);
            answer = context.Response is { HasStarted: false, ContentType: null }
                ? context.Response.StatusCode switch
                {
                    404 => Answer.Error(404, "not_found", "Not found"),
                    405 => Answer.Error(405, "method_not_allowed", "The request method is not allowed"),
                    _ => null,
                }
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !context.Response.HasStarted)
        {
            // A backend that cannot boot a server is the simulator's Hetzner being broken: the caller sees what it would see there.
            context
                .RequestServices.GetRequiredService<ILogger<HetznerSimulator>>()
                .LogError(exception, "{Path} failed", context.Request.Path);
            answer = Answer.Error(500, "server_error", "internal error");
        }
        if (answer is not null)
        {
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.Body!.ToJsonString(), context.RequestAborted);
        }
    }
}
