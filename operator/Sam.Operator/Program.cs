using System.Net;
using Sam.Operator.Controllers.ComposeApps;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Operator.Controllers.Machines;
using Sam.Operator.Controllers.Projects;
using Sam.Operator.Hosting;
using Sam.Operator.Installation;
using Sam.Runtime.Hosting;

var builder = WebApplication.CreateSlimBuilder(args);
builder
    .Services.AddOptions<OperatorOptions>()
    .BindConfiguration(OperatorOptions.Section)
    .ValidateDataAnnotations()
    .ValidateOnStart();
var options = builder.Configuration.GetSection(OperatorOptions.Section).Get<OperatorOptions>() ?? new OperatorOptions();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(options.HealthAddress), options.HealthPort));
builder.Logging.ClearProviders().AddJsonConsole();

builder.Services.AddOutsideSystems(options);
var runtime = builder.Services.AddKubernetesRuntime(settings => RuntimeSettings.Apply(settings, options));
runtime.AddInstallation(options);
runtime.AddProjects();
runtime.AddMachines();
runtime.AddDeploymentNodes();
runtime.AddComposeApps();

var app = builder.Build();
app.MapRuntimeEndpoints();

// Before any controller runs: every server carries the installation's id, every VM's key derives from its secret.
await app.Services.GetRequiredService<InstallationSecret>().LoadAsync(app.Lifetime.ApplicationStopping);
await app.RunAsync();
