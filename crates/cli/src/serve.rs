//! `prequal serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use prequal_verifier::{Config, Limits, Origin, Registry};
use serde::Serialize;

use crate::output::{self, Answer, Failure};

/// Serve the borrower's pages, the policies and the interface until told to
/// stop. Logs go to standard error, a JSON object a line.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example: prequal serve --site www/dist --policies target/policies --data data --shop 127.0.0.1:8081"
)]
pub(crate) struct Arguments {
    /// The folder with the built front end
    #[arg(long, value_name = "DIR", default_value = "www/dist")]
    site: PathBuf,
    /// The folder with compiled policies, as `prequal build` writes it
    #[arg(long, value_name = "DIR", default_value = "target/policies")]
    policies: PathBuf,
    /// The folder of the database and the secrets; created if it is not there
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Where the lender's pages and the interface listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the demo partner's shop listens; without it there is no shop
    #[arg(long, value_name = "ADDRESS")]
    shop: Option<SocketAddr>,
    /// The lender's origin as browsers see it; the address of `--listen` if
    /// nothing stands before it
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<Origin>,
    /// Print the addresses as data
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Ready {
    lender: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    shop: Option<String>,
}

pub(crate) fn run(arguments: Arguments) -> Result<Answer, Failure> {
    let listen = arguments.listen;
    let config = Config {
        site: arguments.site,
        policies: arguments.policies,
        data: arguments.data,
        listen,
        shop: arguments.shop,
        origin: arguments.origin.unwrap_or_else(|| Origin::of(listen)),
        partners: Registry::demo(arguments.shop.map(Origin::of)),
        limits: Limits::default(),
    };
    let json = arguments.json;
    prequal_verifier::serve(&config, |addresses| {
        let ready = Ready {
            lender: Origin::of(addresses.lender).to_string(),
            shop: addresses.shop.map(|shop| Origin::of(shop).to_string()),
        };
        if json {
            output::say_json(&ready);
            return;
        }
        output::say(format_args!("the borrower's page: {}/", ready.lender));
        if let Some(shop) = ready.shop {
            output::say(format_args!("the partner's shop:  {shop}/"));
        }
    })
    .map(|()| Answer::Yes)
    .map_err(|error| Failure(error.to_string()))
}
