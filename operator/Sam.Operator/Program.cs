using System.Net;
using Sam.Operator.Hosting;
using Sam.Runtime.Hosting;

var builder = WebApplication.CreateSlimBuilder(args);
var options = OperatorSettings.Read(builder.Configuration);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(options.HealthAddress), options.HealthPort));

// Scopes carry Kind, Namespace, Name, Uid and ReconcileId into every line of a run, and the ids of its trace.
builder.Logging.ClearProviders().AddJsonConsole(console => console.IncludeScopes = true);
builder.Services.AddOperator(options).AddOperatorTelemetry(builder.Configuration);

var app = builder.Build();
app.MapRuntimeEndpoints();
await app.Services.LoadInstallationAsync(app.Lifetime.ApplicationStopping);
await app.RunAsync();
