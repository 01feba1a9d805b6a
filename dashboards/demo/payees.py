"""Who is paid in the fictional district: shops, halls, printers, volunteers.

All names are invented. A payee is one organisation or person with one account; every
foundation that pays it has its own line in its own register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboards.demo.chance import fictional_iban
from dashboards.demo.chance import fictional_kvk


@dataclass(frozen=True, slots=True)
class Payee:
    """One organisation or person, as the bank and the register name it."""

    key: str
    name: str
    kind: Literal["organisation", "person"] = "organisation"

    @property
    def iban(self) -> str:
        """The payee's account."""
        return fictional_iban(f"payee/{self.key}")

    @property
    def kvk(self) -> str | None:
        """The chamber of commerce number; persons have none."""
        return fictional_kvk(self.key) if self.kind == "organisation" else None


_SHOPS = {
    "kwekerij": "Kwekerij Zonnehoek",
    "zaden": "Zadenwinkel Het Kiempje",
    "riek": "Gereedschapshuis De Riek",
    "spijker": "IJzerwaren De Spijkerbak",
    "hout": "Houtzagerij Noestwerk",
    "tegels": "Tegelhandel De Gouden Stoep",
    "regenton": "Regentonnen Nat en Droog",
    "pomp": "Pompservice Sijpelwater",
    "kopje": "Koffiebar Het Schuimkopje",
    "korst": "Bakkerij De Warme Korst",
    "krop": "Groentekraam De Malse Krop",
    "moes": "Kruidenier Moes en Meel",
    "voorraad": "Groothandel Volle Voorraad",
    "pollepel": "Keukenhal Pan en Pollepel",
    "lindeboom": "Buurtzaal De Wijde Linde",
    "toeter": "Muziekbureau Toeter en Trom",
    "fanfare": "Fanfare De Toeterende Merel",
    "tent": "Tentverhuur Het Wijde Doek",
    "lepel": "Cateraar Lepel en Liefde",
    "pers": "Drukkerij De Vlugge Pers",
    "ehbo": "EHBO-vereniging De Blauwe Pleister",
    "hinkelbaan": "Ontwerpbureau Hinkelwolk",
    "spinrag": "Websitehuis Spinrag",
    "paraplu": "Verzekeringen De Wijde Paraplu",
    "sleutelgat": "Verhuurkantoor Het Sleutelgat",
    "boon": "Koffiebranderij De Zwarte Boon",
    "kruimel": "Bakkerij Kruimelwerk",
    "poten": "Meubelmakerij Drie Poten",
    "tweede": "Kringloopwinkel De Derde Lente",
    "plooi": "Gordijnatelier De Plooi",
    "zonkracht": "Energiecollectief Zuchtje Wind",
    "trapper": "Rijwielhandel De Trage Trapper",
    "zijwieltje": "Fietsschool Zonder Zijwieltjes",
    "tandwiel": "Fietsenmaker Tandwiel",
    "moer": "Technische Handel De Moer",
    "draadje": "Elektronicazaak Het Losse Draadje",
    "flits": "Apparatenhuis Flits en Klank",
    "optocht": "Jeugdwerkers Optocht",
    "werf": "Loodsverhuur De Lange Werf",
    "lettersoep": "Leermiddelen Letterstamppot",
    "duimelot": "Oppascentrale Pinkelwink",
    "theepot": "Theehuis De Blauwe Pot",
    "pannenkoek": "Pannenkoekhuis Klaterboter",
    "kleurkracht": "Atelier Kleurkabaal",
    "kwast": "Verfhandel De Brede Kwast",
    "steiger": "Steigerbouw Hoogtevrees",
    "papier": "Kantoorboekhandel Kladpapegaai",
    "schenkkan": "Koffiehuis De Scheve Kan",
    "vlinderdas": "Houthandel Vlinderdas",
    "noest": "Zagerij De Kromme Plank",
    "hamertje": "Klusschuur Het Hamertje",
    "deksel": "Wagenmakerij Rondewiel",
    "pollepels": "Kookstudio Zeven Pollepels",
    "grutter": "Grutter De Gulle Zak",
    "knol": "Groenteschuit De Knol",
    # never approved before they were paid: the small sloppiness of an ordinary year
    "touw": "Touwhandel De Knoop",
    "zeil": "Zeilmakerij Windveer",
    "kopie": "Kopieerwinkel Het Vel",
    "ballon": "Feestwinkel Slingerslang",
    "glas": "Glashandel Ruitjesweer",
    "lint": "Lintenhuis Krulstaart",
    "plak": "Lijmfabriek De Plakpoot",
    "vlag": "Vlaggenmakerij Wapperwind",
    "klink": "Hang en Sluit De Klink",
    # approved, but a payment above the limit went out without a decision
    "houtduif": "Timmerwerk Krullenduif",
    "bus": "Busverhuur De Kruidenlijn",
}

_VOLUNTEERS = {
    "bertien": "Bertien Klaproosveld",
    "yara": "Yara Wolkenaar",
    "henkjan": "Henk-Jan Boterveld",
    "samira": "Samira Dauwhoek",
    "pieternel": "Pieternel Zilverblad",
    "driss": "Driss Kamillestra",
    "ottoline": "Ottoline Maanzaad",
    "mina": "Mina Sleutelbloem",
    "leonoor": "Leonoor Paardenstaart",
    "baptist": "Baptist Regenboogje",
}

PAYEES = {key: Payee(key, name) for key, name in _SHOPS.items()} | {
    key: Payee(key, name, "person") for key, name in _VOLUNTEERS.items()
}

DONORS = ("Kassahuis Tikketak", "Buurtloterij Kruidenhoek", "Geefkring De Ronde Pan")
