using System.Net;
using Sam.Operator.Hosting;
using Sam.Runtime.Hosting;

var builder = WebApplication.CreateSlimBuilder(args);
var options = OperatorSettings.Read(builder.Configuration);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(options.HealthAddress), options.HealthPort));
builder.Logging.ClearProviders().AddJsonConsole();
builder.Services.AddOperator(options);

var app = builder.Build();
app.MapRuntimeEndpoints();
await app.Services.LoadInstallationAsync(app.Lifetime.ApplicationStopping);
await app.RunAsync();
