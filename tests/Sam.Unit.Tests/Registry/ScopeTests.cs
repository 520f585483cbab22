using CsCheck;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Endpoint;
using Sam.Operator.Registry.Tokens;

namespace Sam.Unit.Tests.Registry;

/// <summary>Scopes by the grammar of the Distribution specification; nothing that it does not know gets through.</summary>
public sealed class ScopeTests
{
    private static readonly Gen<string> s_component = Gen.Select(
        Gen.Char["abz019"].Array[1, 6],
        Any("", ".", "_", "__", "-", "--"),
        Gen.Char["abz019"].Array[1, 6],
        (first, between, last) => new string(first) + between + new string(last)
    );

    private static readonly Gen<Scope> s_scope = Gen.Select(
        Any("repository", "registry", "r2"),
        Any<string?>(null, "plugin"),
        Any("", "registry.example.com/", "localhost:5000/", "127.0.0.1:5000/"),
        s_component.Array[1, 4],
        Any("pull", "push", "delete", "*", "other").Array[1, 4],
        (type, kind, host, parts, actions) => new Scope(type, kind, host + string.Join('/', parts), [.. actions.Distinct()])
    );

    [Theory]
    [InlineData("repository:team/app:pull", "repository", "team/app", "pull")]
    [InlineData("repository:team/app:push,pull", "repository", "team/app", "push,pull")]
    [InlineData("repository:team/app:pull,pull", "repository", "team/app", "pull")]
    [InlineData("repository(plugin):team/app:pull", "repository", "team/app", "pull")]
    [InlineData("repository:localhost:5000/team/app:pull", "repository", "localhost:5000/team/app", "pull")]
    [InlineData("registry:catalog:*", "registry", "catalog", "*")]
    [InlineData("repository:team/app:", "repository", "team/app", "")]
    public void What_the_grammar_allows_is_read(string text, string type, string name, string actions)
    {
        var scope = Scope.Parse(text)!;

        Assert.Equal((type, name, actions), (scope.Type, scope.Name, string.Join(',', scope.Actions)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("repository")]
    [InlineData("repository:team/app")]
    [InlineData("repository::pull")]
    [InlineData(":team/app:pull")]
    [InlineData("Repository:team/app:pull")]
    [InlineData("repository:team/App:pull")]
    [InlineData("repository:team//app:pull")]
    [InlineData("repository:/team/app:pull")]
    [InlineData("repository:team/app/:pull")]
    [InlineData("repository:team/../app:pull")]
    [InlineData("repository:team/app:PULL")]
    [InlineData("repository:team/app:pull;push")]
    [InlineData("repository:team/app:pull\n")]
    [InlineData("repository:te\u0000am/app:pull")]
    [InlineData("repository(:team/app:pull")]
    public void What_the_grammar_forbids_is_not(string text)
    {
        Assert.Null(Scope.Parse(text));
    }

    [Fact]
    public void A_list_with_one_bad_scope_is_bad()
    {
        Assert.Equal(2, Scope.ParseList("repository:a/b:pull repository:c/d:push")!.Count);
        Assert.Null(Scope.ParseList("repository:a/b:pull  repository:c/d:push"));
        Assert.Null(Scope.ParseList("repository:a/b:pull nonsense"));
    }

    [Fact]
    public void Whatever_is_written_by_the_grammar_reads_as_it_was_meant()
    {
        s_scope.Sample(scope =>
        {
            var read = Scope.Parse(scope.ToString())!;
            return read.ToString() == scope.ToString() && read.Name == scope.Name && read.Actions.SequenceEqual(scope.Actions);
        });
    }

    [Fact]
    public void Any_text_is_read_or_refused_and_what_is_read_says_what_was_written()
    {
        var mutated = Gen.Select(s_scope, Gen.Int[0, 40], Gen.Char, (scope, at, put) => Mutate(scope.ToString(), at, put));
        Gen.OneOf(mutated, Gen.String)
            .Sample(text =>
            {
                var read = Scope.Parse(text);
                return read is null || Scope.Parse(read.ToString())!.ToString() == read.ToString();
            });
    }

    [Fact]
    public void Whatever_is_placed_in_a_namespace_stands_under_its_prefix_letter_by_letter()
    {
        var registry = new TrustedRegistry { Host = RegistryRoom.Host, Repositories = "apps/{namespace}/" };
        var names = Gen.OneOf(s_component.Array[1, 4].Select(parts => string.Join('/', parts)), Gen.String);
        Gen.Select(names, Any("", "apps/"))
            .Sample(
                (name, prefix) =>
                {
                    var place = RegistryDirectory.PlaceOf(registry, prefix + name);
                    return place is null || $"apps/{place.Namespace}/{place.Name}" == prefix + name;
                }
            );
    }

    [Theory]
    [InlineData("{namespace}/", "team/app", "team", "app")]
    [InlineData("{namespace}/", "team/a/b", "team", "a/b")]
    [InlineData("{namespace}/", "app", null, null)]
    [InlineData("{namespace}/", "te_am/app", null, null)]
    [InlineData("apps/{namespace}/", "apps/team/app", "team", "app")]
    [InlineData("apps/{namespace}/", "team/app", null, null)]
    [InlineData("apps/{namespace}/", "apps/team", null, null)]
    public void The_rule_of_the_registry_says_whose_a_repository_is(string rule, string name, string? home, string? rest)
    {
        var place = RegistryDirectory.PlaceOf(new TrustedRegistry { Host = RegistryRoom.Host, Repositories = rule }, name);

        Assert.Equal((home, rest), (place?.Namespace, place?.Name));
    }

    [Theory]
    [InlineData("pull", "pull")]
    [InlineData("*", "pull,push,delete")]
    [InlineData("admin", "")]
    public void Words_are_actions(string word, string actions)
    {
        Assert.Equal(actions, string.Join(',', RegistryActionWords.Read(word).Words()));
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string Mutate(string text, int at, char put) =>
        at < text.Length ? text[..at] + put + text[(at + 1)..] : text + put;
}
