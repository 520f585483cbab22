using Sam.Compose.Model;
using Sam.Compose.Rules;

namespace Sam.Unit.Tests.Compose.Rules;

public sealed class RouteRulesTests
{
    private static readonly ComposeModel Model = new()
    {
        Services = Ordinal.Sort([
            KeyValuePair.Create(
                "web",
                new ComposeService
                {
                    Name = "web",
                    Image = "a",
                    Expose = [new PortHint(3000)],
                }
            ),
            KeyValuePair.Create(
                "two",
                new ComposeService
                {
                    Name = "two",
                    Image = "a",
                    Ports = [new PortHint(1), new PortHint(2)],
                }
            ),
        ]),
    };

    private static readonly AppRoute Good = new()
    {
        Name = "web",
        Service = "web",
        Host = "shop.example.com",
    };

    [Fact]
    public void Takes_the_only_port_a_service_names()
    {
        Assert.Empty(RouteRules.Check(Model, [Good]));
        Assert.Equal(3000, RouteRules.PortOf(Good, Model.Services["web"]));
    }

    public static TheoryData<string, string, ProblemCode> Faults() =>
        new()
        {
            { "service=none", "routes[web].service", ProblemCode.UndefinedReference },
            { "service=two", "routes[web].port", ProblemCode.Required },
            { "port=0", "routes[web].port", ProblemCode.InvalidValue },
            { "port=65536", "routes[web].port", ProblemCode.InvalidValue },
            { "path=api", "routes[web].path", ProblemCode.InvalidValue },
            { "path=/a*", "routes[web].path", ProblemCode.InvalidValue },
            { "host=", "routes[web].host", ProblemCode.InvalidValue },
            { "host=Shop.example.com", "routes[web].host", ProblemCode.InvalidValue },
            { "host=*.example.com", "routes[web].host", ProblemCode.InvalidValue },
            { "host=-a.example.com", "routes[web].host", ProblemCode.InvalidValue },
            { "host=a..example.com", "routes[web].host", ProblemCode.InvalidValue },
            { "host=10.0.0.1", "routes[web].host", ProblemCode.InvalidValue },
            { "host=a.example.com:80", "routes[web].host", ProblemCode.InvalidValue },
            { "host=" + new string('a', 64) + ".com", "routes[web].host", ProblemCode.InvalidValue },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Refuses_a_route_that_cannot_lead_anywhere(string change, string path, ProblemCode code)
    {
        var (key, value) = (change.Split('=')[0], change.Split('=')[1]);
        var route = key switch
        {
            "service" => Good with { Service = value },
            "port" => Good with { Port = int.Parse(value) },
            "path" => Good with { Path = value },
            _ => Good with { Host = value },
        };

        var problem = Assert.Single(RouteRules.Check(Model, [route]));

        Assert.Equal((path, code), (problem.Path, problem.Code));
    }

    [Fact]
    public void Refuses_two_routes_with_one_name_or_one_place()
    {
        var problems = RouteRules.Check(Model, [Good, Good with { Path = "/api" }, Good with { Name = "other", Path = "/api/" }]);

        Assert.Equal(["routes[web].name", "routes[other].host"], problems.Select(problem => problem.Path));
    }
}
