using System.Globalization;
using System.Net;
using ApiSvc.Identity.Tests.Sessions;

namespace ApiSvc.Identity.Tests.SignIn;

/// <summary>Guessing gets slower. Each test has an Identity of its own: all come from one address.</summary>
public sealed class DelayTests : IAsyncLifetime
{
    private readonly SharedPeople _people = new();

    public async ValueTask InitializeAsync()
    {
        await _people.InitializeAsync();
        _people.Host.Time.Freeze();
    }

    public ValueTask DisposeAsync() => _people.DisposeAsync();

    [Fact]
    public async Task Account_GuessedAt_HasToWaitLongerAndLonger()
    {
        var user = await _people.NewUserAsync();
        using var person = _people.NewPerson();
        await GuessAsync(person, user, 5);

        // The right one, too: else the wait would tell which it is.
        var refused = await person.SignInAsync(user.Login, SharedPeople.Password);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers["Retry-After"].ShouldBe("1");
        refused.Text.ShouldContain("Try again in a second, at ");
        person.HasSession.ShouldBeFalse();

        var waits = new List<int> { 1 };
        for (var i = 0; i < 10; i++)
        {
            _people.Host.Time.Advance(TimeSpan.FromSeconds(waits[^1]));
            if (i % 4 == 3)
            {
                // What came from this address is forgotten in an hour, what was guessed at this account is not.
                _people.Host.Time.Advance(TimeSpan.FromHours(2));
            }

            await GuessAsync(person, user, 1);
            var answer = await person.SignInAsync(user.Login, "wrong");
            answer.Status.ShouldBe(HttpStatusCode.TooManyRequests);
            waits.Add(int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture));
        }

        waits.ShouldBe([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        _people.Host.Time.Advance(TimeSpan.FromSeconds(300));
        (await person.SignInAsync(user.Login, SharedPeople.Password)).Text.ShouldContain(
            "Your account"
        );
        (await _people.AuditAsync(user.Id)).Count(a => a.Action == "session.delay").ShouldBe(11);
    }

    [Fact]
    public async Task Account_GuessedAtByOthers_StaysOpenToABrowserOfItsUser()
    {
        var user = await _people.NewUserAsync();
        using var known = await _people.SignInAsync(user);
        using var stranger = _people.NewPerson();
        await GuessAsync(stranger, user, 5);
        (await stranger.SignInAsync(user.Login, SharedPeople.Password)).Status.ShouldBe(
            HttpStatusCode.TooManyRequests
        );

        (await known.SignInAsync(user.Login, SharedPeople.Password)).Text.ShouldContain(
            "Your account"
        );

        await GuessAsync(known, user, 5);
        (await known.SignInAsync(user.Login, "wrong")).Status.ShouldBe(
            HttpStatusCode.TooManyRequests
        );
    }

    [Fact]
    public async Task Account_GuessedAtByManyAtOnce_IsJudgedNoMoreOften()
    {
        var user = await _people.NewUserAsync();
        var guessers = Enumerable.Range(0, 16).Select(_ => _people.NewPerson()).ToList();

        var answers = await Task.WhenAll(guessers.Select(g => g.SignInAsync(user.Login, "wrong")));

        answers.Count(a => a.Status == HttpStatusCode.BadRequest).ShouldBe(5);
        answers.Count(a => a.Status == HttpStatusCode.TooManyRequests).ShouldBe(11);
        guessers.ForEach(g => g.Dispose());
    }

    [Fact]
    public async Task Address_ThatGuessesAtManyAccounts_HasToWait()
    {
        using var person = _people.NewPerson();
        for (var i = 0; i < 20; i++)
        {
            (await person.SignInAsync($"nobody-{i}", "wrong")).Status.ShouldBe(
                HttpStatusCode.BadRequest
            );
        }

        var user = await _people.NewUserAsync();
        (await person.SignInAsync(user.Login, SharedPeople.Password)).Status.ShouldBe(
            HttpStatusCode.TooManyRequests
        );
        _people.Host.Time.Advance(TimeSpan.FromSeconds(1));
        (await person.SignInAsync(user.Login, SharedPeople.Password)).Text.ShouldContain(
            "Your account"
        );
    }

    private static async Task GuessAsync(Person person, TestUser user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await person.SignInAsync(user.Login, $"wrong {i}")).Status.ShouldBe(
                HttpStatusCode.BadRequest
            );
        }
    }
}
