using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class CreateUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Stores_a_user_and_says_where()
    {
        var email = NewEmail();

        var response = await PostAsync("/v1/users", Fields("Ann Lee", email));

        Assert.Equal(201, response.Status);
        var user = UserSeen.In(response);
        Assert.Equal(("Ann Lee", email, "\"1\""), (user.Name, user.Email, user.ETag));
        Assert.Equal(user.CreatedAt, user.UpdatedAt);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", user.CreatedAt);
        Assert.Equal(user.Path, response.Header("Location"));
        Assert.Equal(user, UserSeen.In(await GetAsync(user.Path)));
    }

    [Fact]
    public async Task Shows_these_members_and_no_others()
    {
        var response = await PostAsync("/v1/users", Fields("Ann Lee", NewEmail()));

        Assert.Equal(
            ["id", "externalId", "name", "email", "active", "attributes", "createdAt", "updatedAt"],
            response.Json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Gives_ascending_ids_and_never_one_that_was_deleted()
    {
        var first = await NewUserAsync();
        var second = await NewUserAsync();
        Assert.Equal(204, (await DeleteAsync(second.Path)).Status);

        var third = await NewUserAsync();

        Assert.True(first.Id < second.Id && second.Id < third.Id);
    }

    [Fact]
    public async Task Keeps_the_email_as_entered()
    {
        var email = $"Ann.{Guid.NewGuid():N}+Tag@Example.ORG";

        Assert.Equal(email, (await NewUserAsync(email: email)).Email);
    }

    [Fact]
    public async Task Refuses_an_email_that_is_taken()
    {
        var user = await NewUserAsync();

        (await PostAsync("/v1/users", Fields("Bob", user.Email))).IsProblem(409, "email-taken", "/email email.taken");
    }

    [Fact]
    public async Task Refuses_an_email_that_differs_only_in_case()
    {
        var user = await NewUserAsync();

        (await PostAsync("/v1/users", Fields("Bob", user.Email.ToUpperInvariant()))).IsProblem(409, "email-taken", "/email email.taken");
    }

    [Fact]
    public async Task Tells_apart_emails_that_differ_in_a_dot_or_a_plus()
    {
        var mark = $"{Guid.NewGuid():N}";

        await NewUserAsync(email: $"ann.lee.{mark}@example.org");
        await NewUserAsync(email: $"annlee.{mark}@example.org");
        await NewUserAsync(email: $"ann.lee.{mark}+news@example.org");
    }

    [Fact]
    public async Task Takes_an_email_again_once_its_user_is_deleted()
    {
        var user = await NewUserAsync();
        await DeleteAsync(user.Path);

        Assert.NotEqual(user.Id, (await NewUserAsync(email: user.Email)).Id);
    }

    [Fact]
    public async Task Uses_up_no_data_when_it_refuses()
    {
        var user = await NewUserAsync();
        var before = (await GetAsync("/v1/users?count=true&limit=1")).Member("total");

        await PostAsync("/v1/users", Fields("Bob", user.Email));
        await PostAsync("/v1/users", Fields("Bob", "no address"));

        Assert.Equal(before, (await GetAsync("/v1/users?count=true&limit=1")).Member("total"));
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("@example.org")]
    [InlineData("ann@")]
    [InlineData("ann@-example.org")]
    [InlineData("ann@example..org")]
    [InlineData("ann@exa mple.org")]
    [InlineData("ann lee@example.org")]
    [InlineData("Ann <ann@example.org>")]
    [InlineData("ann@example.org,bob@example.org")]
    [InlineData("änn@example.org")]
    [InlineData("ann@exa_mple.org")]
    [InlineData("")]
    public async Task Refuses_what_is_no_email(string email) =>
        (await PostAsync("/v1/users", Fields("Ann Lee", email))).IsProblem(422, "invalid-user", "/email email.invalid");

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u00a0\u3000")]
    public async Task Refuses_a_name_of_nothing_but_white_space(string name) =>
        (await PostAsync("/v1/users", Fields(name, NewEmail()))).IsProblem(422, "invalid-user", "/name name.empty");

    [Fact]
    public async Task Takes_the_longest_name_and_refuses_a_longer_one()
    {
        Assert.Equal(200, (await NewUserAsync(new string('n', 200))).Name.Length);

        (await PostAsync("/v1/users", Fields(new string('n', 201), NewEmail())))
            .IsProblem(422, "invalid-user", "/name name.tooLong");
    }

    [Fact]
    public async Task Takes_the_longest_local_part_and_refuses_a_longer_one()
    {
        var local = $"{Guid.NewGuid():N}{Guid.NewGuid():N}";
        await NewUserAsync(email: $"{local}@example.org");

        (await PostAsync("/v1/users", Fields("Ann Lee", $"{local}x@example.org")))
            .IsProblem(422, "invalid-user", "/email email.localPartTooLong");
    }

    [Fact]
    public async Task Takes_the_longest_email_and_refuses_a_longer_one()
    {
        var label = new string('d', 63);
        var domain = $"{label}.{label}.{label}.{new string('d', 29)}"; // with 32 octets and an @ before it: 254
        await NewUserAsync(email: $"{Guid.NewGuid():N}@{domain}");

        (await PostAsync("/v1/users", Fields("Ann Lee", $"{Guid.NewGuid():N}x@{domain}")))
            .IsProblem(422, "invalid-user", "/email email.tooLong");
    }
}
