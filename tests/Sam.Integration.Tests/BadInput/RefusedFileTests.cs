using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Testing;

namespace Sam.Integration.Tests.BadInput;

/// <summary>A Compose file that is refused: typed reason, the path, the way out; the neighbour stays Ready.</summary>
public sealed class RefusedFileTests(SharedCluster shared) : OperatorTest(shared)
{
    /// <summary>Lines of the service, the path that the message must name, and its way out.</summary>
    public static TheoryData<string, string, string> Refused { get; } =
        new()
        {
            { "    imagee: x", "services.web.imagee", "image" },
            { "    volumes: ['/etc:/host']", "services.web.volumes[0]", "volume" },
            { "    volumes: ['/var/run/docker.sock:/var/run/docker.sock']", "services.web.volumes[0]", "socket" },
            { "    privileged: true", "services.web.privileged", "remove it" },
            { "    network_mode: host", "services.web.network_mode", "remove it" },
            { "    cap_add: [SYS_ADMIN]", "services.web.cap_add[0]", "NET_BIND_SERVICE" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Is_refused_with_its_path_and_the_way_out(string lines, string path, string wayOut)
    {
        var neighbour = await ServedAsync(A.App("neighbour"));

        await Kube.CreateAsync(A.App().With(a => a.Spec.Compose = A.Compose("registry.test/shop:1", lines)), Cancel);
        var app = await RefusedAsync("shop", "ManifestValid", "ComposeInvalid", $"spec.compose.{path}: ", wayOut);

        Assert.Equal("True", Expect.Find(app, "Stalled")?.Status);
        Assert.Equal("ComposeInvalid", Expect.Find(app, "Ready")?.Reason);
        Assert.Empty(await ContainersAsync(app));
        await Expect.ReadyAsync<ComposeApp>("neighbour", Cancel);
        Assert.Single(await ContainersAsync(neighbour));
    }

    [Fact]
    public async Task All_errors_are_told_at_once()
    {
        await NodeAsync();

        var lines = "    privileged: true\n    imagee: x\n    volumes: ['/etc:/host']";
        await Kube.CreateAsync(A.App().With(a => a.Spec.Compose = A.Compose("registry.test/shop:1", lines)), Cancel);

        await RefusedAsync(
            "shop",
            "ManifestValid",
            "ComposeInvalid",
            "services.web.privileged",
            "services.web.imagee",
            "services.web.volumes[0]"
        );
    }

    [Fact]
    public async Task A_file_that_is_no_yaml_is_refused()
    {
        await NodeAsync();

        await Kube.CreateAsync(A.App().With(a => a.Spec.Compose = "services: [\n  }"), Cancel);

        await RefusedAsync("shop", "ManifestValid", "ComposeInvalid", "spec.compose");
    }

    [Fact]
    public async Task A_route_to_an_unknown_service_is_refused()
    {
        await ServedAsync(A.App("neighbour"));

        await Kube.CreateAsync(A.App().With(a => a.Spec.Routes[0].Service = "wep"), Cancel);

        await RefusedAsync("shop", "ManifestValid", "RouteInvalid", "spec.routes[web].service", "wep", "web");
        await Expect.ReadyAsync<ComposeApp>("neighbour", Cancel);
    }

    [Fact]
    public async Task An_edit_that_is_refused_leaves_the_release_serving()
    {
        var app = await ServedAsync();
        var before = await ServingAsync(app);

        await Kube.EditAsync<ComposeApp>(
            "shop",
            a => a.Spec.Compose = A.Compose("registry.test/shop:2", "    privileged: true"),
            Cancel
        );
        var refused = await RefusedAsync("shop", "ManifestValid", "ComposeInvalid", "services.web.privileged");

        Assert.Equal(before.Id, Assert.Single(await ContainersAsync(app)).Id);
        Assert.Equal("True", Expect.Find(refused, "Healthy")?.Status);
        Assert.Equal("True", Expect.Find(refused, "RoutesReady")?.Status);
    }

    [Fact]
    public async Task Of_two_apps_with_one_host_the_later_is_refused_until_the_first_goes()
    {
        var first = await ServedAsync(A.App("first").With(a => a.Spec.Routes[0].Host = "one.example.com"));
        // Creation times have whole seconds; names decide within one.
        await Kube.CreateAsync(A.App("second").With(a => a.Spec.Routes[0].Host = "one.example.com"), Cancel);

        var second = await RefusedAsync(
            "second",
            "RoutesReady",
            "HostConflict",
            "spec.routes",
            "one.example.com",
            "ComposeApp first",
            "choose another"
        );
        Assert.Equal("True", Expect.Find(second, "Stalled")?.Status);
        Assert.Empty(second.Status.Routes);
        await Expect.ReadyAsync<ComposeApp>("first", Cancel);
        await Kube.DeleteAsync<ComposeApp>("first", Cancel);

        var freed = await Expect.ReadyAsync<ComposeApp>("second", Cancel);
        Assert.Equal("https://one.example.com/", freed.Status.Url);
        await Expect.GoneAsync<ComposeApp>("first", Cancel);
        Assert.Empty(await ContainersAsync(first));
    }
}
