using Sam.Compose.Rules;

namespace Sam.Unit.Tests.Compose.Rules;

public sealed class RouteConflictsTests
{
    private static readonly DateTimeOffset Day = DateTimeOffset.UnixEpoch;
    private static readonly RoutePlace Place = new("shop.example.com", "/");

    [Fact]
    public void Gives_a_place_to_the_app_that_was_created_first()
    {
        var ownership = RouteConflicts.Resolve([App("late", Day.AddHours(1)), App("early", Day)]);

        Assert.Equal("early", ownership.OwnerUids[Place]);
        Assert.Equal(
            ("a", "early"),
            (ownership.ConflictsOf("late").Single().OwnerNamespace, ownership.ConflictsOf("late").Single().OwnerName)
        );
        Assert.Empty(ownership.ConflictsOf("early"));
    }

    [Fact]
    public void Breaks_a_tie_by_namespace_and_name()
    {
        var ownership = RouteConflicts.Resolve([App("b", Day), App("z", Day) with { Namespace = "0" }, App("a", Day)]);

        Assert.Equal("z", ownership.OwnerUids[Place]);
        Assert.Equal(["a", "b"], ownership.Conflicts.Select(conflict => conflict.Uid));
    }

    [Fact]
    public void Lets_two_apps_share_a_host_on_different_paths()
    {
        var ownership = RouteConflicts.Resolve([App("a", Day), App("b", Day) with { Places = [Place with { Path = "/api" }] }]);

        Assert.Empty(ownership.Conflicts);
    }

    [Fact]
    public void Sees_through_a_trailing_slash()
    {
        var places = new[] { Place with { Path = "/api" }, Place with { Path = "/api/" } };

        var ownership = RouteConflicts.Resolve([
            App("a", Day) with
            {
                Places = [places[0]],
            },
            App("b", Day) with
            {
                Places = [places[1]],
            },
        ]);

        Assert.Equal("b", Assert.Single(ownership.Conflicts).Uid);
    }

    private static RouteClaimant App(string name, DateTimeOffset createdAt) => new(name, "a", name, createdAt, [Place]);
}
