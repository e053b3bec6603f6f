using Microsoft.EntityFrameworkCore;
using UserCqrs.EfCorePeer;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<UserDb>(options => options.UseSqlite($"Data Source={builder.Configuration["file"]}"));
var app = builder.Build();

await using (var scope = app.Services.CreateAsyncScope())
    await scope.ServiceProvider.GetRequiredService<UserDb>().CreateDurableAsync();

app.MapGet("/users", async (UserDb db) => await db.Users.ToListAsync());

app.MapGet("/users/{id}", async (long id, UserDb db) =>
    await db.Users.FindAsync(id) is { } user ? Results.Ok(user) : Results.NotFound());

app.MapPost("/users", async (User user, UserDb db) =>
{
    db.Users.Add(user);
    await db.SaveChangesAsync();
    return Results.Created($"/users/{user.Id}", user);
});

await app.RunAsync();
